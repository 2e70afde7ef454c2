package dev.caravan.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.InMemoryBatches;
import org.junit.jupiter.api.Test;

class RunComparisonTest {

  private static final String SWEEP = "concurrency: [1, 2]";

  @Test
  void namesVariantAndRepeatOfABatchThatHasThem() {
    assertThat(run(5, "repeat: 3\nvariants: {before: {}, after: {streaming: true}}\n").comparison())
        .hasToString("{variant=after, repeat=2 of 3}");
    assertThat(run(2, "repeat: {times: 3, order: blocks}\n").comparison())
        .hasToString("{repeat=3 of 3}");
    assertThat(run(0, "variants: {before: {}, after: {streaming: true}}\n").comparison())
        .hasToString("{variant=before}");
    assertThat(run(0, "").comparison()).isEmpty();
  }

  private static Run run(int index, String sections) {
    return InMemoryBatches.batch("b", 1, SWEEP, sections).run(index);
  }
}
