package dev.caravan.fleet.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.storage.DurableFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of runs that come by a folder which hub and workers share. */
class SharedFolderTest {

  private static final String DELIVERY_ID = "0123456789abcdef0123456789abcdef";
  private static final RunReport REPORT =
      RunReport.on(RunOrder.execute("b/1/r", "/b/1", 0), Kind.NOT_READY, "words");

  @TempDir private Path folder;
  private final DurableFiles files = new DurableFiles();
  private Path root;
  private Path log;
  private Path into;
  private SharedFolder shared;
  private ResultManifest resultManifest;

  @BeforeEach
  void leaveAFile() throws IOException {
    root = Files.createDirectory(folder.resolve("shared"));
    into = Files.createDirectory(folder.resolve("into"));
    shared = SharedFolder.of("shared", folder, files).orElseThrow();
    Path run = Files.createDirectories(folder.resolve("run/logs")).getParent();
    log = Files.writeString(run.resolve("logs/aiperf.log"), "line\n");
    shared.put(DELIVERY_ID, run, List.of(log));
    ByteArrayOutputStream parcel = new ByteArrayOutputStream();
    ResultArchive.pack(DELIVERY_ID, "w", REPORT, run, List.of(log), true, parcel);
    Path sent = Files.write(folder.resolve("parcel.zip"), parcel.toByteArray());
    resultManifest = ResultArchive.manifest(sent);
    assertThat(parcel.toString()).doesNotContain("line\n");
  }

  @Test
  void bringsTheFilesAsTheyWereAndAgainAfterAKill() throws IOException {
    // when
    shared.take(resultManifest, into);
    files.delete(into);
    Files.createDirectory(into);
    shared.take(resultManifest, into);

    // then
    assertThat(into.resolve("logs/aiperf.log")).hasContent("line");

    // when
    shared.remove(DELIVERY_ID);

    // then
    assertThat(into.resolve("logs/aiperf.log")).hasContent("line");
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void refusesWhatIsMissingChangedOrALink() throws IOException {
    Path left = root.resolve(DELIVERY_ID).resolve("logs/aiperf.log");
    Files.writeString(left, "lime\n");
    assertRefused("\"logs/aiperf.log\" differs from its manifest");
    Files.delete(left);
    assertRefused("\"logs/aiperf.log\" is no file in caravan.results.shared");
    Files.createSymbolicLink(left, log);
    assertRefused("\"logs/aiperf.log\" is no file in caravan.results.shared");
    files.delete(left.getParent());
    Files.createSymbolicLink(left.getParent(), log.getParent());
    assertRefused("\"logs/aiperf.log\" is no file in caravan.results.shared");
  }

  private void assertRefused(String message) throws IOException {
    assertThatThrownBy(() -> shared.take(resultManifest, into))
        .isInstanceOf(ArchiveRefusedException.class)
        .hasMessageContaining(message);
    files.delete(into);
    Files.createDirectory(into);
  }

  @Test
  void isNoneWhereNothingIsNamedAndRefusedWhereThereIsNoFolder() {
    assertThat(SharedFolder.of("", folder, files)).isEmpty();
    assertThatThrownBy(() -> SharedFolder.of("nowhere", folder, files))
        .isInstanceOf(SettingsRefusedException.class)
        .hasMessageContaining("caravan.results.shared");
  }
}
