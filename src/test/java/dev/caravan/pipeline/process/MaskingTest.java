package dev.caravan.pipeline.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskingTest {

  private static final String KEY = "nvapi-0123456789";
  private static final int CHUNK = 1 << 16;

  @TempDir Path folder;
  private final Masking masking = new Masking(List.of(KEY, KEY + "-longer", "short"));

  @Test
  void masksText() {
    assertThat(masking.mask("a " + KEY + " b " + KEY + "-longer short"))
        .isEqualTo("a ******** b ******** short");
  }

  @Test
  void masksAcrossChunkBoundaries() throws IOException {
    for (int before = CHUNK - KEY.length() - 10; before <= CHUNK + 30; before++) {
      // given
      String start = "x".repeat(before);
      // when
      String masked = copy(masking, start + KEY + "y" + KEY);
      // then
      assertThat(masked).isEqualTo(start + "********y********");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'sk-secretsecret0001\n', sk-secretsecret0001",
    "'\uFEFFsk-secretsecret0001 ', sk-secretsecret0001",
    "'sk-\"secret\\0001/x', 'sk-\\\"secret\\\\0001/x'",
    "'sk-\"secret\\0001/x', 'sk-\\\"secret\\\\0001\\/x'",
    "sk+secret/0001==, sk%2Bsecret%2F0001%3D%3D",
    "sk+secret/0001==, sk%2bsecret%2f0001%3d%3d",
    "sk+secret/0001==, sk%2Bsecret/0001%3D%3D",
    "sk+secret/0001~a, sk%2Bsecret%2F0001~a",
    "pass word 000111, pass%20word%20000111",
    "pass word 000111, pass+word+000111",
    "schlüssel-000111, schl\\u00fcssel-000111",
  })
  void masksEveryForm(String secret, String printed) throws IOException {
    // given
    Masking every = new Masking(List.of(secret));
    // then
    assertThat(every.mask("<" + printed + ">")).isEqualTo("<********>");
    assertThat(copy(every, "<" + printed + ">")).isEqualTo("<********>");
  }

  @Test
  void leavesPartialSecretsAlone() throws IOException {
    String text = KEY.substring(1) + KEY.substring(0, KEY.length() - 1);
    assertThat(copy(masking, text)).isEqualTo(text);
  }

  @Test
  void copiesEverythingWithoutSecrets() throws IOException {
    String text = "z".repeat(3 * CHUNK);
    assertThat(copy(new Masking(List.of("short")), text)).isEqualTo(text);
  }

  @Test
  void masksAFileInPlaceAndKeepsItsPermissions() throws IOException {
    // given
    Path log = Files.writeString(folder.resolve("stderr.log"), "ä Bearer " + KEY + "\n");
    Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-r-----"));
    // when
    boolean masked = masking.maskFile(log);
    // then
    assertThat(masked).isTrue();
    assertThat(log).hasContent("ä Bearer ********\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log)))
        .isEqualTo("rw-r-----");
    assertThat(folder).isDirectoryNotContaining(file -> !file.equals(log));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a.json  | {\"n\": 123456789012, \"s\": \"k 123456789012 \\\" 123456789012\", \"a\": [-123456789012.5]}"
            + "| {\"n\": 123456789012, \"s\": \"k ******** \\\" ********\", \"a\": [-123456789012.5]}",
        "a.jsonl | {\"torn\": \"n~{\"ns\":1234567890120000,\"k\":\"123456789012\"}"
            + "| {\"torn\": \"n~{\"ns\":1234567890120000,\"k\":\"********\"}",
        "a.csv   | a,123456789012.50,x 123456789012~123456789012,-1234567890127,123456789012s"
            + "| a,123456789012.50,x ********~123456789012,-1234567890127,********s",
        "a.log   | took 123456789012 ns | took ******** ns"
      })
  void neverChangesNumbersInJsonAndCsv(String name, String text, String masked) throws IOException {
    // given
    Path file = Files.writeString(folder.resolve(name), text.replace('~', '\n'));
    // when
    new Masking(List.of("123456789012")).maskFile(file);
    // then
    assertThat(file).hasContent(masked.replace('~', '\n'));
  }

  @Test
  void recognisesNumbersAcrossChunkBoundaries() throws IOException {
    for (int before = CHUNK - 40; before <= CHUNK + 150; before++) {
      // given
      String text = "x".repeat(before) + ",123456789012345678,123456789012x";
      Path file = Files.writeString(folder.resolve("long.csv"), text);
      // when
      new Masking(List.of("123456789012")).maskFile(file);
      // then
      assertThat(file).hasContent("x".repeat(before) + ",123456789012345678,********x");
    }
  }

  @Test
  void masksAFileWithTheLongestName() throws IOException {
    // given
    Path log = Files.writeString(folder.resolve("n".repeat(255)), KEY);
    // when
    masking.maskFile(log);
    // then
    assertThat(log).hasContent(Masking.MASK);
  }

  /** The masked copy is written beside the file, where aiperf may have put anything. */
  @Test
  void writesThroughNoLinkBesideTheFile(@TempDir Path elsewhere) throws IOException {
    // given
    Path other = Files.writeString(elsewhere.resolve("other"), "other");
    Path log = Files.writeString(folder.resolve("a.log"), KEY);
    Files.createSymbolicLink(folder.resolve(".a.log.masked"), other);
    // when
    masking.maskFile(log);
    // then
    assertThat(log).hasContent(Masking.MASK);
    assertThat(other).hasContent("other");
  }

  @Test
  void doesNotTouchAFileWithoutSecrets() throws IOException {
    // given
    Path log = Files.writeString(folder.resolve("stdout.log"), "nothing\n");
    Files.setLastModifiedTime(log, FileTime.fromMillis(1000));
    Object inode = Files.getAttribute(log, "unix:ino");
    // when
    boolean masked = masking.maskFile(log);
    // then
    assertThat(masked).isFalse();
    assertThat(Files.getAttribute(log, "unix:ino")).isEqualTo(inode);
    assertThat(Files.getLastModifiedTime(log).toMillis()).isEqualTo(1000);
  }

  @Test
  void ignoresAMissingFile() throws IOException {
    assertThat(masking.maskFile(folder.resolve("missing"))).isFalse();
  }

  private static String copy(Masking masking, String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    masking.copy(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), out);
    return out.toString(StandardCharsets.UTF_8);
  }
}
