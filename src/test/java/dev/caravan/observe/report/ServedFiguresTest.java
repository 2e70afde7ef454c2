package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What aiperf 0.13.0 wrote of a service that told vLLM's figures at two addresses, and of two GPUs
 * that told DCGM's, cut to what matters here.
 */
class ServedFiguresTest {

  private static RunMetrics recorded() throws URISyntaxException {
    Path folder = Path.of(ServedFiguresTest.class.getResource("served").toURI());
    return new RunReader(Map.of()).foreign(0, "served", List.of(), folder, "").figures();
  }

  private static double figure(ReportMetric metric) throws URISyntaxException {
    return recorded().get(metric).orElse(Double.NaN);
  }

  @Test
  void readsWhatTheServiceSaidOfItself() throws Exception {
    assertThat(figure(ReportMetric.RUNNING)).isCloseTo(2.095 + 6, within(0.01));
    assertThat(figure(ReportMetric.WAITING)).isEqualTo(2);
    assertThat(figure(ReportMetric.KV_CACHE)).isCloseTo(27.05, within(0.01));
    assertThat(figure(ReportMetric.PREEMPTIONS)).isEqualTo(6);
    assertThat(figure(ReportMetric.PREFIX_HITS)).isEqualTo(25);
  }

  @Test
  void addsThePowerOfAllGpusAndNothingElse() throws Exception {
    assertThat(figure(ReportMetric.GPU_POWER)).isCloseTo(700, within(2.0));
  }
}
