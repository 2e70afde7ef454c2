package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestLogTest {

  @TempDir Path folder;

  @Test
  void leavesOutTheWarmup() {
    // when
    RequestLog log =
        RequestLog.read(new RunFolder(Recording.folder("half_failed_after_warmup")).requests());
    // then: the recording has one success and one failure in the warm-up, and two of each measured
    assertThat(log.succeeded()).isEqualTo(2);
    assertThat(log.errors().total()).isEqualTo(2);
    assertThat(log.onlyWarmup()).isFalse();
  }

  @Test
  void countsTheWarmupWhenThereIsNothingElse() throws IOException {
    // given
    Path file = write("{\"metadata\":{\"benchmark_phase\":\"warmup\"},\"error\":{\"code\":503}}\n");
    // when
    RequestLog log = RequestLog.read(file);
    // then
    assertThat(log.onlyWarmup()).isTrue();
    assertThat(log.errors().total()).isEqualTo(1);
  }

  @Test
  void skipsATruncatedLastLine() throws IOException {
    // given
    RequestLog log = RequestLog.read(write("{\"metadata\":{}}\n{\"metadata\":{},\"err"));
    // then
    assertThat(log.succeeded()).isEqualTo(1);
    assertThat(log.complete()).isFalse();
  }

  @Test
  void skipsALineThatIsTooLong() throws IOException {
    // given
    String longest = "{\"metadata\":{},\"x\":\"" + "a".repeat(2 << 20) + "\"}\n";
    // when
    RequestLog log = RequestLog.read(write(longest + "{\"metadata\":{}}\n"));
    // then
    assertThat(log.succeeded()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ClientOSError | "ClientOSError", "ClientConnectionResetError" | connection reset (1×)
          ClientOSError | "ClientOSError", "BrokenPipeError" | connection closed by the target (1×)
          ClientOSError | "ClientOSError" | ClientOSError: Cannot write to closing transport (1×)
          """)
  void saysPlainlyHowAConnectionFailed(String type, String causes, String summary)
      throws IOException {
    // given: as aiperf writes what a server causes that closes idle connections
    String error =
        "{\"metadata\":{},\"error\":{\"type\":\"%s\",\"message\":\"ClientOSError(None, 'x')\","
            + "\"cause\":\"Cannot write to closing transport\",\"cause_chain\":[%s]}}%n";
    // when
    RequestLog log = RequestLog.read(write(error.formatted(type, causes)));
    // then
    assertThat(log.errors().total(RequestError.Kind.CONNECTION)).isEqualTo(1);
    assertThat(log.errors().summary()).isEqualTo(summary);
    assertThat(log.errors().furtherMessages()).isEmpty();
  }

  @Test
  void boundsTheNumberOfDistinctErrors() throws IOException {
    // given
    Path file = folder.resolve("profile_export.jsonl");
    try (Writer out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < 20_000; i++) {
        out.write("{\"error\":{\"code\":500,\"type\":\"E" + i + "\",\"message\":\"" + i + "\"}}\n");
      }
    }
    // when
    RequestErrors errors = RequestLog.read(file).errors();
    // then
    assertThat(errors.total()).isEqualTo(20_000);
    assertThat(errors.summary()).endsWith("and 998 more kinds");
    assertThat(errors.furtherMessages()).hasSize(3);
  }

  @Test
  void stopsReadingAFileThatIsTooLarge() throws IOException {
    // given: some megabytes
    Path file = write("{\"metadata\":{},\"error\":{\"code\":500}}\n".repeat(100_000));
    // when
    RequestLog log = RequestLog.read(file, 1_000_000);
    // then
    assertThat(log.complete()).isFalse();
    assertThat(log.errors().total()).isBetween(20_000L, 40_000L);
  }

  @Test
  void countsNothingWithoutAFile() {
    assertThat(RequestLog.read(folder.resolve("none")).succeeded()).isZero();
  }

  private Path write(String lines) throws IOException {
    return Files.writeString(folder.resolve("profile_export.jsonl"), lines);
  }
}
