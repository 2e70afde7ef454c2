package dev.caravan.pipeline.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServingEngineTest {

  @Test
  void haveMetricsOfTheirOwn() {
    assertThat(ServingEngine.metrics())
        .hasSize(2 * ServingEngine.values().length)
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({
    "configuration.md, | `readiness.quiet` |",
    "reports.md, requests running and waiting in a service that exports them",
  })
  void areNamedWhereTheirMetricsAreOfUse(String page, String place) throws IOException {
    assertThat(Files.readAllLines(Path.of("docs", page)))
        .filteredOn(line -> line.contains(place))
        .singleElement()
        .asString()
        .contains("(" + ServingEngine.titles() + ")");
  }
}
