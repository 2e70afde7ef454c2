package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.caravan.model.plan.Place;
import dev.caravan.pipeline.outcome.Metrics;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Reads an export of aiperf 0.13.0, shortened: of a service with vLLM's metrics at two endpoints,
 * and of two GPUs with DCGM's.
 */
class ServerMetricsTest {

  private static Metrics<ReportMetric> recorded() throws URISyntaxException {
    Path folder = Path.of(ServerMetricsTest.class.getResource("server_metrics").toURI());
    LateChecks.Asked asked = LateChecks.Asked.of(Optional.empty());
    return new RunReader(LateChecks.NONE)
        .foreign(
            new RunReader.Identity(0, "served", Place.UNKNOWN, List.of(), Map.of()),
            folder,
            "",
            asked)
        .metrics();
  }

  private static double value(ReportMetric metric) throws URISyntaxException {
    return recorded().get(metric).orElse(Double.NaN);
  }

  @Test
  void aggregatesServerMetricsOverEndpoints() throws Exception {
    assertThat(value(ReportMetric.RUNNING)).isCloseTo(2.095 + 6, within(0.01));
    assertThat(value(ReportMetric.WAITING)).isEqualTo(2);
    assertThat(value(ReportMetric.KV_CACHE)).isCloseTo(27.05, within(0.01));
    assertThat(value(ReportMetric.PREEMPTIONS)).isEqualTo(6);
    assertThat(value(ReportMetric.PREFIX_HITS)).isEqualTo(25);
  }

  @ParameterizedTest
  @CsvSource({
    "vllm:num_requests_running, vllm:num_requests_waiting, vllm:kv_cache_usage_perc",
    "sglang:num_running_reqs, sglang:num_queue_reqs, sglang:token_usage",
    "llamacpp:requests_processing, llamacpp:requests_deferred, llamacpp:kv_cache_usage_ratio",
    "tgi_batch_current_size, tgi_queue_size, sglang:token_usage"
  })
  void readsTheMeansOfEveryServer(String running, String waiting, String cache, @TempDir Path run)
      throws IOException {
    // given
    Files.writeString(
        run.resolve("server_metrics_export.json"),
        "{\"metrics\": {%s, %s, %s}}"
            .formatted(gauge(running, 3.5), gauge(waiting, 0.25), gauge(cache, 0.5)));
    // when
    ServerMetrics metrics = ServerMetrics.read(run);
    // then
    assertThat(metrics.get(ReportMetric.RUNNING)).hasValue(3.5);
    assertThat(metrics.get(ReportMetric.WAITING)).hasValue(0.25);
    assertThat(metrics.get(ReportMetric.KV_CACHE)).hasValue(50);
  }

  private static String gauge(String name, double average) {
    return "\"%s\": {\"type\": \"gauge\", \"series\": [{\"stats\": {\"avg\": %s, \"max\": 99}}]}"
        .formatted(name, average);
  }

  @Test
  void addsThePowerOfAllGpus() throws Exception {
    assertThat(value(ReportMetric.GPU_POWER)).isCloseTo(700, within(2.0));
  }
}
