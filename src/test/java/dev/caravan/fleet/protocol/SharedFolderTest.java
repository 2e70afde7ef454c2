package dev.caravan.fleet.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
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
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of runs that pass through a folder shared by hub and workers. */
class SharedFolderTest {

  private static final String DELIVERY_ID = "0123456789abcdef0123456789abcdef";
  private static final RunReport REPORT =
      RunReport.on(RunOrder.execute("b/1/r", "/b/1", 0), Kind.NOT_READY, "message");

  @TempDir private Path folder;
  private final DurableFiles files = new DurableFiles();
  private Path root;
  private Path log;
  private Path target;
  private SharedFolder shared;
  private ResultManifest manifest;

  @BeforeEach
  void putAFile() throws IOException {
    root = Files.createDirectory(folder.resolve("shared"));
    target = Files.createDirectory(folder.resolve("target"));
    shared = shared("shared").orElseThrow();
    Path run = Files.createDirectories(folder.resolve("run/logs")).getParent();
    log = Files.writeString(run.resolve("logs/aiperf.log"), "line\n");
    shared.put(DELIVERY_ID, run, List.of(log));
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    ResultArchive.pack(DELIVERY_ID, "w", REPORT, run, List.of(log), true, archive);
    Path sent = Files.write(folder.resolve("archive.zip"), archive.toByteArray());
    manifest = ResultArchive.manifest(sent);
    assertThat(archive.toString()).doesNotContain("line\n");
  }

  @Test
  void fetchesTheFilesUnchangedAlsoASecondTime() throws IOException {
    // when
    shared.fetch(manifest, target);
    files.delete(target);
    Files.createDirectory(target);
    shared.fetch(manifest, target);

    // then
    assertThat(target.resolve("logs/aiperf.log")).hasContent("line");

    // when
    shared.remove(DELIVERY_ID);

    // then
    assertThat(target.resolve("logs/aiperf.log")).hasContent("line");
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void refusesMissingChangedAndLinkedFiles() throws IOException {
    Path sharedFile = root.resolve(DELIVERY_ID).resolve("logs/aiperf.log");
    Files.writeString(sharedFile, "lime\n");
    assertRefused("\"logs/aiperf.log\" differs from its manifest");
    Files.delete(sharedFile);
    assertRefused("\"logs/aiperf.log\" is not a regular file in caravan.results.shared");
    Files.createSymbolicLink(sharedFile, log);
    assertRefused("\"logs/aiperf.log\" is not a regular file in caravan.results.shared");
    files.delete(sharedFile.getParent());
    Files.createSymbolicLink(sharedFile.getParent(), log.getParent());
    assertRefused("\"logs/aiperf.log\" is not a regular file in caravan.results.shared");
  }

  private void assertRefused(String message) throws IOException {
    assertThatThrownBy(() -> shared.fetch(manifest, target))
        .isInstanceOf(ArchiveRefusedException.class)
        .hasMessageContaining(message);
    files.delete(target);
    Files.createDirectory(target);
  }

  @Test
  void isEmptyWithoutASettingAndRefusedWithoutAFolder() {
    assertThat(shared("")).isEmpty();
    assertThatThrownBy(() -> shared("nowhere"))
        .isInstanceOf(SettingsRefusedException.class)
        .hasMessageContaining("caravan.results.shared");
  }

  private Optional<SharedFolder> shared(String name) {
    Settings settings = Settings.of(folder, Map.of(), new Properties());
    return SharedFolder.of(settings.with(Setting.RESULTS_SHARED, name), files);
  }
}
