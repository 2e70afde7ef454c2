package dev.caravan.fleet.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A list of files is held in memory, and so has a largest size. */
class LongManifestTest {

  private static final String DELIVERY_ID = "0123456789abcdef0123456789abcdef";
  private static final RunReport REPORT =
      RunReport.on(RunOrder.execute("b/1/r", "/b/1", 0), Kind.NOT_READY, "message");

  @TempDir private Path folder;
  private Path archive;

  @BeforeEach
  void prepare() {
    archive = folder.resolve("archive.zip");
  }

  /** Of a few kilobytes, which would be unpacked for minutes. */
  @Test
  void unpacksNoMoreOfAManifestThanItMayHave() throws IOException {
    // given
    byte[] manifest =
        Json.file(
            new ResultManifest(
                ResultManifest.SCHEMA, DELIVERY_ID, "w", REPORT, List.of(), false, 0));
    byte[] spaces = " ".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
      zip.putNextEntry(new ZipEntry("manifest.json"));
      zip.write(manifest);
      for (int mib = 0; mib < 8; mib++) {
        zip.write(spaces);
      }
    }

    // then
    assertRefused("a manifest of more than 4194304 bytes");
    assertThatThrownBy(() -> ResultArchive.manifest(archive))
        .isInstanceOf(ArchiveRefusedException.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void saysHowManyFilesItDoesNotListAsTheirListIsTooLong(boolean shared) throws IOException {
    // given
    Path from = Files.createDirectories(folder.resolve("from"));
    List<Path> files = new ArrayList<>();
    for (int n = 0; n < 13_000; n++) {
      files.add(Files.createFile(from.resolve("n".repeat(200) + n)));
    }

    // when
    try (OutputStream out = Files.newOutputStream(archive)) {
      ResultArchive.pack(DELIVERY_ID, "w", REPORT, from, files, shared, out);
    }

    // then
    ResultManifest manifest = ResultArchive.manifest(archive);
    assertThat(manifest.report()).isEqualTo(REPORT);
    assertThat(manifest.hasFiles()).isTrue();
    assertRefused("has 13,000 files, whose list would be longer than 4 MiB");
  }

  private void assertRefused(String message) throws IOException {
    Path target = Files.createDirectory(folder.resolve("target"));
    assertThatThrownBy(() -> ResultArchive.unpack(archive, target, 1000))
        .isInstanceOf(ArchiveRefusedException.class)
        .hasMessageContaining(message);
    assertThat(target).isEmptyDirectory();
  }
}
