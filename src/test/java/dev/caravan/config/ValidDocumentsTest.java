package dev.caravan.config;

import static dev.caravan.config.FixedRules.BASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How whole configs are read: their defaults, sweeps, merge keys, JSON and encodings. */
class ValidDocumentsTest {

  @Test
  void hasTheDefaultsOfRunAiperf() {
    // when
    BenchmarkConfig config = FixedRules.read(BASE);

    // then
    assertThat(config.batchName()).isEqualTo("benchmark");
    assertThat(config.outputBaseDir()).isEqualTo("aiperf_results");
    assertThat(config.varied()).isEmpty();
    assertThat(config.base().values())
        .containsExactly(
            entry("model", "m"),
            entry("url", "http://h:8000"),
            entry("endpoint", "/v1/chat/completions"),
            entry("endpoint_type", "chat"),
            entry("streaming", false),
            entry("warmup_request_count", 1L),
            entry("benchmark_duration", 5L),
            entry("concurrency", 1L),
            entry("request_rate_mode", "constant"));
  }

  @Test
  void treatsNullAsNotSet() {
    // given
    String config = BASE + "  tokenizer:\n  request_rate: null\n  streaming: ~\nsweeps:\nlabels:\n";

    // when
    BenchmarkConfig read = FixedRules.read("batch_name: null\n" + config);

    // then
    assertThat(read).isEqualTo(FixedRules.read(BASE));
  }

  @Test
  void acceptsRequiredKeysFromASweep() {
    // given
    String config =
        """
        base_config: {url: "http://h", warmup_request_count: 0, concurrency: 0}
        sweeps:
          model: [a/b, c d]
          concurrency: [1, 2]
          benchmark_duration: [5]
        """;

    // when
    BenchmarkConfig read = FixedRules.read(config);

    // then
    assertThat(read.varied())
        .containsExactly(
            entry("model", List.of("a/b", "c d")),
            entry("concurrency", List.of(1L, 2L)),
            entry("benchmark_duration", List.of(5L)));
  }

  @Test
  void acceptsFractionsBooleansAndOptionsInSweeps() {
    // given
    String sweeps =
        "sweeps:\n  request_rate: [1, 0.5]\n  streaming: [true, no]\n  request_count: [10]\n";

    // when
    Map<String, List<Object>> read = FixedRules.read(BASE + sweeps).varied();

    // then
    assertThat(read)
        .containsExactly(
            entry("request_rate", List.of(1L, 0.5)),
            entry("streaming", List.of(true, false)),
            entry("request_count", List.of(10L)));
  }

  @Test
  void resolvesAnchorsAndMergeKeysAsPyYaml() {
    // given
    String config =
        """
        x-common: &common {model: first, url: "http://h", concurrency: 7}
        _other: &other {model: second, tokenizer: builtin, benchmark_duration: 5}
        x-list: &list [1, 2]
        base_config:
          concurrency: 3
          <<: [*common, *other]
          warmup_request_count: 0
        sweeps:
          concurrency: *list
        """;

    // when
    BenchmarkConfig read = FixedRules.read(config);

    // then
    assertThat(read.base().model()).isEqualTo("first");
    assertThat(read.base().concurrency()).isEqualTo(3);
    assertThat(read.base().tokenizer()).contains("builtin");
    assertThat(read.varied()).containsExactly(entry("concurrency", List.of(1L, 2L)));
  }

  @Test
  void putsMergedSweepKeysFirstAsPyYaml() {
    // given
    String config =
        BASE
            + """
            x-a: &a {random_seed: [1], concurrency: [9]}
            sweeps:
              benchmark_duration: [5]
              concurrency: [1]
              <<: *a
            """;

    // when
    BenchmarkConfig read = FixedRules.read(config);

    // then
    assertThat(read.varied().keySet())
        .containsExactly("random_seed", "concurrency", "benchmark_duration");
    assertThat(read.varied().get("concurrency")).containsExactly(1L);
  }

  @Test
  void readsAConfigInJson() {
    // given
    String json =
        "{\"base_config\":{\"model\":\"meta\\/llama\",\"url\":\"http:\\/\\/h\",\"concurrency\":1,"
            + "\"warmup_request_count\":0,\"benchmark_duration\":1},\"sweeps\":{\"concurrency\":[1,2]}}";

    // when
    BenchmarkConfig config = FixedRules.read(json);

    // then
    assertThat(config.base().url()).isEqualTo("http://h");
    assertThat(config.base().model()).isEqualTo("meta/llama");
    assertThat(config.varied()).containsEntry("concurrency", List.of(1L, 2L));
  }

  @Test
  void readsUtf16AndAByteOrderMark() {
    // given
    byte[] utf16 = ("\uFEFF" + BASE).getBytes(StandardCharsets.UTF_16LE);

    // when / then
    assertThat(new ConfigReader(new FixedRules()).read(utf16, Overrides.NONE, "c"))
        .isEqualTo(FixedRules.read("\uFEFF" + BASE));
  }
}
