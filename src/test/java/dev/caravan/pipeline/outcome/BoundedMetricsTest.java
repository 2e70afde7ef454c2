package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.Slo;
import dev.caravan.config.SloSection;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The metrics that a config can give bounds are columns of results.csv. */
class BoundedMetricsTest {

  @Test
  void areColumns() {
    assertThat(Stream.of(Metric.values()).map(Metric::column)).containsAll(SloSection.METRICS);
  }

  @Test
  void areBetterWhenTheyAreHigherOnlyIfTheyAreThroughputs() {
    assertThat(SloSection.METRICS.stream().filter(Slo::isHigherBetter))
        .containsExactly(
            "request_throughput_rps", "output_tokens_per_s", "output_tokens_per_s_per_user");
  }
}
