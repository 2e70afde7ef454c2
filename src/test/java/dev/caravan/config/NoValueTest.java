package dev.caravan.config;

import static dev.caravan.config.FixedRules.BASE;
import static dev.caravan.config.FixedRules.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.plan.Sweep;
import dev.caravan.pipeline.process.AiperfArguments;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a config says by null, by inf and by leaving a key out. */
class NoValueTest {

  @ParameterizedTest
  @ValueSource(strings = {"request_rate_mode", "endpoint", "endpoint_type"})
  void givesNoFlagForANullThatReplacesADefault(String key) throws Exception {
    // given
    String flag = FlagNames.of(key);

    // when / then
    assertThat(arguments(BASE)).contains(flag);
    assertThat(arguments(BASE + "  " + key + ": null\n")).doesNotContain(flag);
    assertThat(FixedRules.read(BASE + "  " + key + ":\n").base().endpoint())
        .isEqualTo("/v1/chat/completions");
  }

  @ParameterizedTest
  @CsvSource({"inf", ".inf", "null", "~", "Infinity", "'+.INF'", "'\"inf\"'"})
  void makesAPointWithoutARateLimit(String written) throws Exception {
    // given
    String rates = "sweeps: {request_rate: [1, 0.5, " + written + "]}\n";

    // when
    BenchmarkConfig config = FixedRules.read(BASE + "  request_rate: 9\n" + rates);
    Sweep sweep = new Sweep(config);

    // then
    assertThat(config.varied().get("request_rate")).isEqualTo(List.of(1L, 0.5, "inf"));
    assertThat(sweep.folder(2)).isEqualTo("request_rateinf");
    assertThat(sweep.values(2)).containsEntry("request_rate", "inf");
    assertThat(arguments(sweep.parameters(2))).doesNotContain("--request-rate", "inf");
    assertThat(arguments(sweep.parameters(1))).containsSequence("--request-rate", "0.5");
  }

  @Test
  void takesNoLimitInTheBaseForNoRate() throws Exception {
    assertThat(FixedRules.read(BASE + "  request_rate: inf\n").base())
        .isEqualTo(FixedRules.read(BASE).base());
  }

  @Test
  void refusesTwoPointsWithoutALimitAndWhatNeedsOne() {
    assertThat(problems(BASE + "sweeps: {request_rate: [inf, null]}\n"))
        .singleElement()
        .asString()
        .endsWith("duplicate of item [0]");
    String ramp = BASE + "  aiperf_options: {request_rate_ramp_duration: 5}\n";
    assertThat(problems(ramp + "sweeps: {request_rate: [1, inf]}\n"))
        .singleElement()
        .asString()
        .contains("requires request_rate or user_centric_rate");
    assertThat(problems(BASE + "sweeps: {concurrency: [1, null]}\n")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "embeddings, /v1/embeddings",
    "nim_rankings, /v1/ranking",
    "image_generation," + " /v1/images/generations",
    "responses, /v1/responses",
    "video_generation, /v1/videos",
    "huggingface_generate, /generate",
    "solido_rag, /rag/api/prompt"
  })
  void takesThePathOfTheEndpointType(String type, String path) throws Exception {
    // when
    BenchmarkConfig config = FixedRules.read(BASE + "  endpoint_type: " + type + "\n");

    // then
    assertThat(config.base().endpoint()).isEqualTo(path);
    assertThat(arguments(config.base()))
        .containsSequence("--endpoint-type", type)
        .doesNotContain("--endpoint");
    assertThat(arguments(BASE + "  endpoint: v2/x\n  endpoint_type: " + type + "\n"))
        .containsSequence("--endpoint", "/v2/x");
  }

  @Test
  void takesThePathOfEachPointOfASweepOverTypes() throws Exception {
    // when
    Sweep sweep =
        new Sweep(FixedRules.read(BASE + "sweeps: {endpoint_type: [chat, embeddings]}\n"));

    // then
    assertThat(sweep.parameters(0).endpoint()).isEqualTo("/v1/chat/completions");
    assertThat(sweep.parameters(1).endpoint()).isEqualTo("/v1/embeddings");
  }

  @Test
  void saysWhatAnEndpointTypeCannotDo() throws Exception {
    // given
    String embeddings = BASE + "  endpoint_type: embeddings\n  streaming: true\n";

    // when / then
    assertThat(FixedRules.read(embeddings).warnings())
        .containsExactly(
            "line 8: base_config.streaming: aiperf does not stream with this endpoint_type");
    assertThat(problems(embeddings + "readiness: {completion: true}\n"))
        .singleElement()
        .asString()
        .endsWith("readiness.completion: requires endpoint_type chat or completions");
    assertThat(problems(BASE + "  endpoint_type: image_retrieval\n  tokenizer: builtin\n"))
        .singleElement()
        .asString()
        .endsWith("tokenizer: not allowed with an endpoint_type that sends no text");
    assertThat(problems(embeddings + "  aiperf_options: {goodput: {time_to_first_token: 5}}\n"))
        .singleElement()
        .asString()
        .endsWith("requires an endpoint_type whose responses are tokens");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "audio_transcription | | audio_transcription requires input_file or audio_length_mean",
        "audio_transcription | aiperf_options: {audio_length_mean: 2} |",
        "audio_transcription | input_file: there.jsonl |",
        "raw | | raw requires input_file",
        "raw | input_file: there.jsonl | raw requires custom_dataset_type inputs_json or raw_payload",
        "raw | 'input_file: there.jsonl, custom_dataset_type: raw_payload' |",
        "raw | 'input_file: there.jsonl, custom_dataset_type: single_turn' | raw requires"
            + " custom_dataset_type inputs_json or raw_payload",
      })
  void requiresWhatAnEndpointTypeSends(String type, String keys, String problem) {
    // given
    String more = keys == null ? "" : "  " + keys.replace(", ", "\n  ") + "\n";
    // when
    List<String> problems = problems(BASE + "  endpoint_type: " + type + "\n" + more);
    // then
    assertThat(String.join("\n", problems)).isEqualTo(problem == null ? "" : expected(problem));
  }

  private static String expected(String problem) {
    return "c.yaml:7:18: base_config.endpoint_type: " + problem;
  }

  @Test
  void sendsRawRequestsToTheUrlAsItIs() {
    // when
    String raw =
        "  endpoint_type: raw\n  input_file: there.jsonl\n  custom_dataset_type: raw_payload\n";
    BenchmarkConfig config = FixedRules.read(BASE + raw);

    // then
    assertThat(config.base().endpoint()).isEmpty();
    assertThat(arguments(config.base())).doesNotContain("--endpoint");
  }

  private static List<String> arguments(String config) throws Exception {
    return arguments(FixedRules.read(config).base());
  }

  private static List<String> arguments(Parameters parameters) {
    return AiperfArguments.of(parameters, Path.of("/out"));
  }
}
