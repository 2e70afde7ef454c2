package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * All checks of a run with a large request log, of lines as aiperf wrote them. {@code
 * -Dcaravan.checks.mb=400} takes a log of 400 MB, and {@code -Xmx64m} a heap; {@code
 * scripts/measure-checks.sh} prints how fast that is.
 */
@Timeout(300)
class ChecksTimeTest {

  private static final long BYTES = Long.getLong("caravan.checks.mb", 10) << 20;
  private static final int ROUNDS = 4;
  private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final List<String> TIMES =
      List.of("credit_issued_ns", "request_start_ns", "request_ack_ns", "request_end_ns");

  @TempDir private Path folder;

  @Test
  void checksALargeRequestLogInOnePass() throws IOException {
    // given
    RecordedRun run = RecordedRun.of("clean", folder);
    long bytes = enlarge(folder.resolve("profile_export.jsonl"));

    // when
    for (int round = 1; round <= ROUNDS; round++) {
      long start = System.nanoTime();
      CheckResults results = run.check();
      Duration took = Duration.ofNanos(System.nanoTime() - start);

      // then
      assertThat(results.checked()).contains("load", "burst", "steady", "replies");
      System.out.printf(
          "CHECKS round %d: %,d bytes in %,d ms, %,.0f MB/s, heap at most %d MB%n",
          round,
          bytes,
          took.toMillis(),
          bytes / 1e6 / Math.max(1, took.toMillis()) * 1_000,
          Runtime.getRuntime().maxMemory() >> 20);
    }
  }

  /** Writes a request with all its fields again and again, each a millisecond after the other. */
  private static long enlarge(Path log) throws IOException {
    List<String> lines =
        Files.readAllLines(Recording.folder("succeeded").resolve("profile_export.jsonl"));
    ObjectNode request = (ObjectNode) Json.MAPPER.readTree(lines.get(lines.size() - 1));
    ObjectNode metadata = (ObjectNode) request.get("metadata");
    long written = 0;
    try (Writer out = Files.newBufferedWriter(log)) {
      while (written < BYTES) {
        TIMES.forEach(
            name -> {
              if (metadata.has(name)) {
                metadata.put(name, metadata.get(name).asLong() + EVERY_NANOS);
              }
            });
        String line = Json.MAPPER.writeValueAsString(request) + "\n";
        out.write(line);
        written += line.length();
      }
    }
    return Files.size(log);
  }
}
