package dev.caravan.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchPathsTest {

  @Test
  void readsThePathsFromTheConfig() {
    assertThat(of("batch_name: night\noutput_base_dir: 'my results'\nbase_config: {}\n"))
        .isEqualTo(new BatchPaths("my results", "night"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "text", "a: [", "base_config: {batch_name: x}", "batch_name: [x]", "- x"})
  void usesTheDefaultsIfNothingIsSet(String config) {
    assertThat(of(config)).isEqualTo(new BatchPaths("aiperf_results", "benchmark"));
  }

  @Test
  void hasTheSameDefaultsAsTheConfig() {
    // given
    BenchmarkConfig config = FixedRules.read(FixedRules.BASE);
    // then
    assertThat(of(FixedRules.BASE))
        .isEqualTo(new BatchPaths(config.outputBaseDir(), config.batchName()));
  }

  private static BatchPaths of(String config) {
    return BatchPaths.of(config.getBytes(UTF_8), Overrides.NONE);
  }
}
