package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestReaderTest {

  @TempDir Path folder;

  @Test
  void separatesTheWarmUp() throws IOException {
    // given
    write(
        line("warmup", 0, 900, "", false),
        line("profiling", 1000, 100, "40", false),
        line("profiling", 1500, 300, "60", false));

    // when
    RequestData data = read(100);

    // then
    assertThat(data.total()).isEqualTo(3);
    assertThat(data.warmup()).isEqualTo(1);
    assertThat(data.measuredFrom()).isEqualTo(1);
    assertThat(data.firstResponse()).isEqualTo(1.1);
    assertThat(data.kind()).containsExactly(RequestData.WARMUP, 0, 0);
    assertThat(data.latencyQuantiles()).containsExactly(100, 300);
    assertThat(data.ttftQuantiles()).containsExactly(40, 60);
    assertThat(data.perSecond()).containsExactly(2);
  }

  @Test
  void countsFailuresByStatusOrName() throws IOException {
    // given
    String failed = line("profiling", 0, 5, "", true);
    String error = failed.substring(failed.indexOf("\"error\":"));
    String[] lines = {
      failed.replace(error, "\"error\":{\"type\":\"Not Found\",\"code\":404}}"),
      failed.replace(error, "\"error\":{\"code\":404,\"type\":\"ClientError\"}}"),
      failed.replace(error, "\"error\":{\"code\":null,\"type\":\"ClientConnectorError\"}}"),
      failed.replace(error, "\"error\":{\"message\":\"<b>secret</b>\"}}"),
      failed.replace(error, "\"error\":\"x\"}"),
      line("profiling", 10, 5, "1", false)
    };
    write(lines);

    // then
    assertThat(read(100).errors()).isEqualTo(5);
    assertThat(read(100).errorKinds())
        .containsOnly(
            Map.entry("404", 2), Map.entry("ClientConnectorError", 1), Map.entry("other error", 2));
  }

  @Test
  void averagesTheRequestsInFlight() throws IOException {
    write(
        line("profiling", 0, 2500, "1", false),
        line("profiling", 250, 500, "1", false),
        line("profiling", 500, 2500, "", true));

    // the first for all of two seconds, the second for half of one, the third from 0.5 s to 3 s
    assertThat(read(10).inFlight()).containsExactly(2.0, 2.0, 1.5);
  }

  @Test
  void showsEveryFailureAndASampleOfTheOthers() throws IOException {
    // given
    String[] lines = new String[1001];
    for (int i = 0; i < 1000; i++) {
      lines[i] = line("profiling", i, 100, "40", false);
    }
    lines[1000] = line("profiling", 500, 5, "", true);
    write(lines);

    // when
    RequestData data = read(100);

    // then
    assertThat(data.total()).isEqualTo(1001);
    assertThat(data.errors()).isEqualTo(1);
    assertThat(data.start()).hasSize(101);
    assertThat(Arrays.stream(data.kind()).filter(kind -> kind == RequestData.FAILED)).hasSize(1);
    assertThat(data.latencyQuantiles()).hasSize(201);
  }

  @Test
  void findsPeriodsWithoutAResponse() throws IOException {
    write(
        line("profiling", 0, 100, "1", false),
        line("profiling", 100, 100, "1", false),
        line("profiling", 5000, 100, "1", false));

    // at least 2 s, but also ten times the mean interval, which is long for three responses in 5 s
    assertThat(read(10).stalls()).isEmpty();

    String[] lines = new String[50];
    for (int i = 0; i < 50; i++) {
      lines[i] = line("profiling", i < 25 ? i * 10 : 5000 + i * 10, 100, "1", false);
    }
    write(lines);
    assertThat(read(10).stalls())
        .singleElement()
        .satisfies(stall -> assertThat(stall[1] - stall[0]).isBetween(4.5, 5.5));
  }

  @Test
  void skipsAnIncompleteLastLine() throws IOException {
    write(line("profiling", 0, 100, "1", false), "{\"metadata\":{\"request_st");

    assertThat(read(10).total()).isEqualTo(1);
    assertThat(read(10).complete()).isFalse();
  }

  @Test
  void keepsNoLineInMemoryThatIsTooLong() throws IOException {
    // given
    write(line("profiling", 0, 100, "1", false), "x".repeat(32 << 20));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    // when
    long before = threads.getCurrentThreadAllocatedBytes();
    RequestData data = new RequestReader(10, 1 << 20).read(folder).orElseThrow();

    // then
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(16 << 20);
    assertThat(data.total()).isEqualTo(1);
    assertThat(data.complete()).isFalse();
  }

  @Test
  void isEmptyWithoutALog() {
    assertThat(new RequestReader(10, 1 << 20).read(folder)).isEmpty();
  }

  private RequestData read(int maxShown) {
    return new RequestReader(maxShown, 1 << 24).read(folder).orElseThrow();
  }

  private void write(String... lines) throws IOException {
    Files.writeString(folder.resolve("profile_export.jsonl"), String.join("\n", lines) + "\n");
  }

  private static String line(
      String phase, long startMillis, long millis, String ttft, boolean failed) {
    long start = 1_795_563_259_000_000_000L + startMillis * 1_000_000;
    return ("{\"metadata\":{\"request_start_ns\":%d,\"request_end_ns\":%d,\"benchmark_phase\":\"%s\"},"
            + "\"metrics\":{\"request_latency\":{\"value\":%d,\"unit\":\"ms\"},\"inter_chunk_latency\":{\"value\":[1,2]}%s},\"error\":%s}")
        .formatted(
            start,
            start + millis * 1_000_000,
            phase,
            millis,
            ttft.isEmpty()
                ? ""
                : ",\"time_to_first_token\":{\"value\":" + ttft + ",\"unit\":\"ms\"}",
            failed ? "{\"code\":500,\"message\":\"no\"}" : "null");
  }
}
