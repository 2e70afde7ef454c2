package dev.caravan.config;

import static dev.caravan.config.FixedRules.BASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the values of keys, labels and options are read. */
class ValidValuesTest {

  @ParameterizedTest
  @CsvSource({
    "concurrency, '\"4\"', 4", "concurrency, 4.0, 4", "concurrency, 0x10, 16",
    "concurrency, 010, 8", "concurrency, 1_000, 1000", "concurrency, '1:30', 90",
    "concurrency, 0b101, 5", "concurrency, '\" 4.0 \"', 4", "concurrency, +7, 7",
    "concurrency, '!!int \"3\"', 3", "random_seed, 9223372036854775807, 9223372036854775807"
  })
  void readsWholeNumbersAsPyYamlAndPydanticDid(String key, String written, long value) {
    assertThat(with(key, written)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({
    "4, 4.0",
    "0.5, 0.5",
    "1e3, 1000.0",
    "'\"2.5\"', 2.5",
    "1.5e+2, 150.0",
    "'!!float 4', 4.0",
    "'!!float 1e3', 1000.0",
    "'!!float 010', 10.0",
    "'!!float 0_7', 7.0",
    "'!!float \"1_0\"', 10.0",
    "'1:30.5', 90.5",
    ".5, 0.5",
    "1_0.5, 10.5"
  })
  void readsNumbersAsPyYamlAndPydanticDid(String written, double value) {
    assertThat(with("request_rate", written)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({
    "yes, true",
    "On, true",
    "true, true",
    "'\"true\"', true",
    "1, true",
    "'\"y\"', true",
    "no, false",
    "OFF, false",
    "'\"False\"', false",
    "0, false"
  })
  void readsBooleansAsPyYamlAndPydanticDid(String written, boolean value) {
    assertThat(with("streaming", written)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({"1e3", "1.2.3", "=", "0o7", "<<x", "2001:db8", "y", "o", "nULL", "08"})
  void readsAsTextWhatPyYamlReadsAsText(String written) {
    assertThat(with("tokenizer", written)).isEqualTo(written);
  }

  /** PyYAML knows all escapes of JSON; programs that write JSON like to escape slashes. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "\"meta\\/llama\", meta/llama",
        "\"\\/models\\/a\\\\\\/b\", /models/a\\/b",
        "'a\\/b', a\\/b",
        "a\\/b, a\\/b",
        "\"\\x41\\u00e9\\U0001F600\", Aé😀",
      })
  void readsEscapesAsPyYaml(String written, String value) {
    assertThat(with("tokenizer", written)).isEqualTo(value);
  }

  /** {@code run_aiperf.py} joins both to the url. */
  @ParameterizedTest
  @CsvSource({
    "/v1/models, /v1/models",
    "v1/models, /v1/models",
    "health?full=1, /health?full=1",
    "none, none"
  })
  void aPathToProbeMayOmitTheLeadingSlash(String written, String value) {
    assertThat(with("health_check_endpoint", written)).isEqualTo(value);
    assertThat(
            FixedRules.read(BASE + "readiness: {endpoint: \"" + written + "\"}\n")
                .readiness()
                .endpoint())
        .hasValue(value);
  }

  private static Object with(String key, String written) {
    String others = BASE.replaceAll("(?m)^  " + key + ":.*\n", "");
    return FixedRules.read(others + "  " + key + ": " + written + "\n").base().values().get(key);
  }

  @Test
  void keepsLabelsAsWritten() {
    // given
    String labels = "labels: {engine: vllm, engine_version: 0.10, gpus: 8, on: off, none: }\n";

    // when / then
    assertThat(FixedRules.read(BASE + labels.replace("on: off", "\"on\": off")).labels())
        .containsExactly(
            entry("engine", "vllm"),
            entry("engine_version", "0.10"),
            entry("gpus", "8"),
            entry("on", "off"));
  }

  @Test
  void readsOptionsByTheirKind() {
    // given
    String options =
        """
          aiperf_options:
            request_count: "500"
            slice_duration: 1
            export_level: RAW
            export_http_trace: yes
            goodput: [request_latency:250, inter_token_latency:10]
            extra_inputs: {ignore_eos: true, stop: [a, b], top_p: 0.9}
            server_metrics_formats: [csv]
            tokenizer_revision: 0123
            no_gpu_telemetry:
        """;

    // when
    Map<String, Object> read =
        FixedRules.read(BASE + "  streaming: true\n" + options).base().options();

    // then
    assertThat(read)
        .containsExactly(
            entry("request_count", 500L),
            entry("slice_duration", 1.0),
            entry("export_level", "RAW"),
            entry("export_http_trace", true),
            entry("goodput", List.of("request_latency:250", "inter_token_latency:10")),
            entry(
                "extra_inputs",
                Map.of("ignore_eos", true, "stop", List.of("a", "b"), "top_p", 0.9)),
            entry("server_metrics_formats", List.of("csv")),
            entry("tokenizer_revision", "0123"));
  }

  @Test
  void acceptsOptionsThatAPropertyAllows() {
    // given
    FixedRules rules = new FixedRules(10, Set.of("public_dataset", "brand_new"));
    String options = "  aiperf_options: {public_dataset: sharegpt, brand_new: 1.50}\n";

    // when
    BenchmarkConfig read =
        new ConfigReader(rules)
            .read((BASE + options).getBytes(StandardCharsets.UTF_8), Overrides.NONE, "c");

    // then
    assertThat(read.base().options())
        .containsExactly(entry("public_dataset", "sharegpt"), entry("brand_new", "1.50"));
  }
}
