package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.SloSection;
import dev.caravan.pipeline.outcome.MetricWords;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MetricWordsTest {

  static List<String> metrics() {
    return SloSection.METRICS;
  }

  @ParameterizedTest
  @MethodSource("metrics")
  void areThoseOfReports(String metric) {
    assertThat(MetricWords.name(metric)).isEqualTo(ReportMetric.of(metric).orElseThrow().label());
  }
}
