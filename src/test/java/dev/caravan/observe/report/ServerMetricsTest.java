package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Reads an export of aiperf 0.13.0, shortened: of a service with vLLM's metrics at two endpoints,
 * and of two GPUs with DCGM's.
 */
class ServerMetricsTest {

  private static RunMetrics recorded() throws URISyntaxException {
    Path folder = Path.of(ServerMetricsTest.class.getResource("server_metrics").toURI());
    return new RunReader(Map.of()).foreign(0, "served", List.of(), folder, "").metrics();
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

  @Test
  void addsThePowerOfAllGpus() throws Exception {
    assertThat(value(ReportMetric.GPU_POWER)).isCloseTo(700, within(2.0));
  }
}
