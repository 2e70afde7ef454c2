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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResultArchiveTest {

  private static final String DELIVERY_ID = "0123456789abcdef0123456789abcdef";
  private static final String SHA256_OF_X =
      "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
  private static final RunReport REPORT =
      RunReport.on(RunOrder.execute("b/1/r", "/b/1", 0), Kind.NOT_READY, "message");

  @TempDir Path folder;
  private Path archive;
  private Path target;

  @BeforeEach
  void prepare() throws IOException {
    archive = folder.resolve("archive.zip");
    target = Files.createDirectory(folder.resolve("target"));
  }

  @Test
  void unpacksTheFilesUnchanged() throws IOException {
    // given
    Path from = Files.createDirectories(folder.resolve("from/logs")).getParent();
    Path log = Files.writeString(from.resolve("logs/aiperf.log"), "line\n");
    Path empty = Files.writeString(from.resolve("stderr.log"), "");

    // when
    transfer(from, log, empty);

    // then
    assertThat(ResultArchive.manifest(archive).report()).isEqualTo(REPORT);
    assertThat(target.resolve("logs/aiperf.log")).hasContent("line");
    assertThat(target.resolve("stderr.log")).isEmptyFile();
  }

  @ParameterizedTest
  @CsvSource({
    "'a\nb', a%0Ab",
    "'logs/tab\there', logs/tab%09here",
    "'a\\b', a%5Cb",
    "lock, %6Cock",
    "report.html, %72eport.html",
    "attempts/1/x, %61ttempts/1/x",
    "plain%0A, plain%0A"
  })
  void keepsFilesWhoseNamesNoArchiveMayContain(String name, String kept) throws IOException {
    // given
    Path from = Files.createDirectories(folder.resolve("from"));
    Path odd = from.resolve(name);
    Files.createDirectories(odd.getParent());
    Files.writeString(odd, "odd");
    Path other = Files.writeString(from.resolve("stdout.log"), "other");

    // when
    transfer(from, odd, other);

    // then
    assertThat(target.resolve(kept)).hasContent("odd");
    assertThat(target.resolve("stdout.log")).hasContent("other");
  }

  @Test
  void keepsAFileWhoseEncodedNameIsTooLong() throws IOException {
    // given
    Path from = Files.createDirectories(folder.resolve("from"));
    Path odd = Files.writeString(from.resolve("a\n".repeat(100)), "odd");
    Path even = Files.writeString(from.resolve("b\n".repeat(100)), "even");

    // when
    transfer(from, odd, even);

    // then
    assertThat(target.resolve("renamed")).hasContent("odd");
    assertThat(target.resolve("renamed~2")).hasContent("even");
  }

  @Test
  void keepsAFileWhoseEncodedNameIsThatOfAFolder() throws IOException {
    // given
    Path from = Files.createDirectories(folder.resolve("from/a%0Ab")).getParent();
    Path odd = Files.writeString(from.resolve("a\nb"), "odd");
    Path even = Files.writeString(from.resolve("a%0Ab/c"), "even");

    // when
    transfer(from, odd, even);

    // then
    assertThat(target.resolve("a%0Ab/c")).hasContent("even");
    assertThat(target.resolve("a%0Ab~2")).hasContent("odd");
  }

  @Test
  void keepsBothOfTwoFilesWhoseNamesBecomeEqual() throws IOException {
    // given
    Path from = Files.createDirectories(folder.resolve("from"));
    Path odd = Files.writeString(from.resolve("a\nb"), "odd");
    Path even = Files.writeString(from.resolve("a%0Ab"), "even");

    // when
    transfer(from, odd, even);

    // then
    assertThat(target.resolve("a%0Ab")).hasContent("even");
    assertThat(target.resolve("a%0Ab~2")).hasContent("odd");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../up",
        "a/../../up",
        "/etc/x",
        "a//b",
        "./a",
        "a\\b",
        "a\u0000b",
        "batch.json",
        "attempts/1/x",
        "control.json",
        "report.html",
        ""
      })
  void refusesNamesOutsideTheFolderOrReservedForTheHub(String name) throws IOException {
    // given
    forge(new ResultManifest.Item(name, 1, SHA256_OF_X), name, "x");
    // then
    assertRefused("must not be written");
    assertThat(folder.resolve("up")).doesNotExist();
  }

  @Test
  void refusesFilesThatDifferFromTheManifest() throws IOException {
    forge(new ResultManifest.Item("a", 1, SHA256_OF_X), "a", "y");
    assertRefused("differs");
    forge(new ResultManifest.Item("a", 1, SHA256_OF_X), "a", "xx");
    assertRefused("longer");
    forge(new ResultManifest.Item("a", 2, SHA256_OF_X), "a", "x");
    assertRefused("differs");
    forge(new ResultManifest.Item("a", 1, SHA256_OF_X), "b", "x");
    assertRefused("where its manifest lists it");
  }

  @Test
  void refusesFilesThatAreTooLarge() throws IOException {
    forge(new ResultManifest.Item("a", 1001, SHA256_OF_X), "a", "x");
    assertRefused("caravan.results.max-size");
  }

  @Test
  void refusesAFileThatIsNotAnArchive() throws IOException {
    Files.writeString(archive, "no zip");
    assertThatThrownBy(() -> ResultArchive.manifest(archive))
        .isInstanceOf(ArchiveRefusedException.class);
  }

  @Test
  void refusesATruncatedOrDamagedArchive() throws IOException {
    // given
    forge(new ResultManifest.Item("a", 1, SHA256_OF_X), "a", "x");
    byte[] whole = Files.readAllBytes(archive);

    // when / then
    for (int length = 0; length < whole.length; length += 7) {
      Files.write(archive, Arrays.copyOf(whole, length));
      assertThatThrownBy(
              () -> {
                ResultArchive.unpack(archive, target, 1000);
                throw new ArchiveRefusedException("undetected harmless damage");
              })
          .as("%d bytes", length)
          .isInstanceOf(ArchiveRefusedException.class);
    }
    for (int at = 0; at < whole.length; at += 3) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x55;
      Files.write(archive, damaged);
      assertThatThrownBy(
              () -> {
                ResultArchive.unpack(archive, target, 1000);
                throw new ArchiveRefusedException("undetected harmless damage");
              })
          .as("byte %d", at)
          .isInstanceOf(ArchiveRefusedException.class);
    }
  }

  @Test
  void refusesAFileNameThatIsTooLong() {
    assertThat(ArchiveNames.isAllowed("\u00e4".repeat(127))).isTrue();
    assertThat(ArchiveNames.isAllowed("\u00e4".repeat(128))).isFalse();
  }

  @Test
  void refusesHalfACharacter() {
    assertThat(ArchiveNames.isAllowed("a\ud83d\ude00")).isTrue();
    assertThat(ArchiveNames.isAllowed("a\ud83d")).isFalse();
    assertThat(ArchiveNames.isAllowed("logs/\ude00")).isFalse();
  }

  @Test
  void refusesAFileBelowAnotherFile() throws IOException {
    assertThatThrownBy(
            () ->
                ResultArchive.check(
                    manifest(
                        new ResultManifest.Item("a/b", 1, SHA256_OF_X),
                        new ResultManifest.Item("a", 1, SHA256_OF_X)),
                    1000))
        .isInstanceOf(ArchiveRefusedException.class)
        .hasMessageContaining("must not be written");
  }

  @Test
  void refusesAHeartbeatWithControlCharacters() {
    String valid =
        Json.text(
            new Heartbeat(
                1, "w", "host", List.of("default"), 1, "0.13.0", Set.of(), Map.of(), "", false));
    assertThat(Json.read(valid, Heartbeat.class).host()).isEqualTo("host");
    assertThatThrownBy(
            () -> Json.read(valid.replace("\"host\"", "\"x\\n2026 ERROR: y\""), Heartbeat.class))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Packs files of this folder and unpacks them in the target. */
  private void transfer(Path from, Path... files) throws IOException {
    try (OutputStream out = Files.newOutputStream(archive)) {
      ResultArchive.pack(DELIVERY_ID, "w", REPORT, from, List.of(files), false, out);
    }
    ResultArchive.unpack(archive, target, 100);
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> ResultArchive.unpack(archive, target, 1000))
        .isInstanceOf(ArchiveRefusedException.class)
        .hasMessageContaining(message);
  }

  private static ResultManifest manifest(ResultManifest.Item... items) {
    return new ResultManifest(
        ResultManifest.SCHEMA, DELIVERY_ID, "w", REPORT, List.of(items), false, 0);
  }

  private void forge(ResultManifest.Item item, String name, String content) throws IOException {
    byte[] manifest = Json.file(manifest(item));
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
      zip.putNextEntry(new ZipEntry("manifest.json"));
      zip.write(manifest);
      zip.putNextEntry(new ZipEntry(name));
      zip.write(content.getBytes(StandardCharsets.UTF_8));
    }
  }
}
