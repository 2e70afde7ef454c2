package dev.caravan.observe.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.model.Batch;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZippedBatchTest {

  @TempDir private Path folder;

  private ZippedBatch zipped;

  @BeforeEach
  void prepare() throws IOException {
    zipped = zipped(4L << 30);
  }

  private ZippedBatch zipped(long maxBytes) throws IOException {
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    return new ZippedBatch(new ComparedBatchReader(), temporary, maxBytes);
  }

  @Test
  void readsTheBatchOfAnArchive() throws Exception {
    // given
    Batch batch = new NightlyTree(folder).night(1);
    ComparedBatch read = new ComparedBatchReader().read(batch.folder());
    Path flat = pack("flat.zip", batch.folder(), "");
    Path nested = pack("nested.zip", batch.folder(), "aiperf_results/" + batch.id() + "/");

    // when, then
    assertThat(zipped.read(flat).runs()).isEqualTo(read.runs()).hasSize(10);
    assertThat(zipped.read(nested).runs()).isEqualTo(read.runs());
    assertThat(zipped.read(nested).id()).isEqualTo(batch.id());
    assertThat(temporaryFolders()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../results.csv",
        "/etc/results.csv",
        "a/../../results.csv",
        "a\\b",
        "a//b",
        "./results.csv",
        "a\u0000b/results.csv",
        ".."
      })
  void refusesNamesThatLeadElsewhere(String name) throws Exception {
    // given
    Path archive = pack("evil.zip", Map.of(name, "x", "batch.json", "{}"));

    // when, then
    assertThatThrownBy(() -> zipped.read(archive))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("must not be unpacked");
    assertThat(temporaryFolders()).isEmpty();
  }

  @Test
  void refusesWhatUnpacksToTooMuch() throws Exception {
    // given
    Path archive = pack("bomb.zip", Map.of("results.csv", "0".repeat(3_000_000)));
    Path unneeded = pack("other.zip", Map.of("core", "0".repeat(3_000_000)));
    ZippedBatch small = zipped(1_000_000);

    // when, then
    assertThat(Files.size(archive)).isLessThan(10_000);
    assertThatThrownBy(() -> small.read(archive))
        .hasMessageContaining("unpacks to more than 1000000 bytes");
    assertThatThrownBy(() -> small.read(unneeded))
        .hasMessageContaining("unpacks to more than 1000000 bytes");
  }

  @Test
  void refusesWhatIsNoArchiveOfOneBatch() throws Exception {
    // given
    Batch batch = new NightlyTree(folder).night(1);
    Path whole = pack("cut.zip", batch.folder(), "");
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = Files.write(folder.resolve("half.zip"), Arrays.copyOf(bytes, 900));
    Path text = Files.writeString(folder.resolve("text.zip"), "PK? no");
    Path empty = pack("empty.zip", Map.of("readme.txt", "x"));
    Path two = pack("two.zip", Map.of("a/x/batch.json", "{}", "a/y/batch.json", "{}"));

    // when, then
    assertThatThrownBy(() -> zipped.read(cut)).hasMessageContaining("not a complete zip archive");
    assertThatThrownBy(() -> zipped.read(text)).hasMessageContaining("not a complete zip archive");
    assertThatThrownBy(() -> zipped.read(empty)).hasMessageContaining("holds no batch");
    assertThatThrownBy(() -> zipped.read(two)).hasMessageContaining("holds 2 batches");
    assertThat(temporaryFolders()).isEmpty();
  }

  @Test
  void refusesANeededFileThatIsTooLargeBeforeItIsInflated() throws Exception {
    // given
    Path archive = folder.resolve("large.zip");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
      zip.putNextEntry(new ZipEntry("a/results.csv"));
      for (int mebibyte = 0; mebibyte < 80; mebibyte++) {
        zip.write(new byte[1 << 20]);
      }
    }

    // when, then
    assertThatThrownBy(() -> zipped.read(archive))
        .hasMessage(archive + " holds a file of more than 67108864 bytes: \"a/results.csv\"");
    assertThat(temporaryFolders()).isEmpty();
  }

  @Test
  void namesTheArchiveWhenNamesMeetOrItIsEncrypted() throws Exception {
    // given
    Map<String, String> fileFirst = new LinkedHashMap<>();
    fileFirst.put("results.csv", "x");
    fileFirst.put("results.csv/batch.json", "x");
    Map<String, String> folderFirst = new LinkedHashMap<>();
    folderFirst.put("batch.json/results.csv", "x");
    folderFirst.put("batch.json", "x");
    Path encrypted = pack("encrypted.zip", Map.of("batch.json", "{}"));
    byte[] bytes = Files.readAllBytes(encrypted);
    bytes[6] |= 1;
    Files.write(encrypted, bytes);

    // when, then
    for (Path archive : List.of(pack("f.zip", fileFirst), pack("d.zip", folderFirst))) {
      assertThatThrownBy(() -> zipped.read(archive))
          .hasMessageStartingWith(archive + " holds a name twice: \"");
    }
    assertThatThrownBy(() -> zipped.read(encrypted))
        .hasMessageStartingWith(encrypted + " is not a zip archive that can be unpacked here")
        .hasMessageContaining("without a password");
  }

  @Test
  void namesTheArchiveWhenItsBatchCannotBeRead() throws Exception {
    // given
    Path archive = pack("damaged.zip", Map.of("b/batch.json", "{"));

    // when, then
    assertThatThrownBy(() -> zipped.read(archive))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(archive.toString())
        .hasMessageNotContaining("caravan-compare-");
  }

  @Test
  void putsTextsFromAnArchiveOnOneLine() throws Exception {
    // given
    Batch batch = new NightlyTree(folder).night(1);
    Path file = batch.folder().resolve("batch.json");
    String evil = "x\\u001b[2K\\nPASS nightly/1: fine";
    Files.writeString(file, Files.readString(file).replace(batch.id(), evil));
    Path archive = pack("forged.zip", batch.folder(), "");

    // when
    ComparedBatch read = zipped.read(archive);

    // then
    assertThat(read.id()).isEqualTo("x PASS nightly/1: fine");
  }

  private Path pack(String name, Path batch, String prefix) throws IOException {
    Path archive = folder.resolve(name);
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive));
        Stream<Path> files = Files.walk(batch)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        zip.putNextEntry(new ZipEntry(prefix + batch.relativize(file)));
        Files.copy(file, zip);
      }
    }
    return archive;
  }

  private Path pack(String name, Map<String, String> files) throws IOException {
    Path archive = folder.resolve(name);
    try (OutputStream out = Files.newOutputStream(archive);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    return archive;
  }

  private List<Path> temporaryFolders() throws IOException {
    try (Stream<Path> entries = Files.list(folder.resolve("tmp"))) {
      return entries.toList();
    }
  }
}
