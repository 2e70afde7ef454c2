package dev.caravan.pipeline.outcome.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CheckResultsTest {

  @Test
  void hasOneFindingACheckTheWorstFirst() {
    // given
    List<Finding> written =
        List.of(
            new Finding("samples", Level.NOTE, 40, 368, "few", ""),
            new Finding("cache", Level.NOTE, 2, 1, "some", ""),
            new Finding("cache", Level.WARNING, 61, 10, "most", ""));

    // when
    CheckResults results = new CheckResults(written, List.of(), Map.of(), Map.of());

    // then
    assertThat(results.findings()).containsExactly(written.get(2), written.get(0));
    assertThat(results.worst(Level.WARNING)).contains(written.get(2));
  }
}
