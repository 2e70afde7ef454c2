package dev.caravan.pipeline.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.config.Parameters;
import dev.caravan.config.yaml.ConfigRefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command of a run is the one that run_aiperf.py builds. */
class AiperfArgumentsTest {

  private static final Path OUT = Path.of("out/b/20251114_140254");

  private static final String CONFIG =
      """
      base_config:
        random_seed: 12345
        model: meta/llama-3.3-70b-instruct
        tokenizer: meta-llama/Llama-3.3-70B-Instruct
        url: "https://integrate.api.nvidia.com"
        api_key_env_var: SET_API_KEY
        streaming: true
        health_check_endpoint: /health
        warmup_request_count: 20
        benchmark_duration: 60
        concurrency: 1
        request_rate: 2
        use_legacy_max_tokens: false
        prompt_input_tokens_mean: 100
        prompt_output_tokens_mean: 50
        prompt_output_tokens_stddev: 5
        aiperf_options:
          request_count: 500
      """;

  @Test
  void argumentsFollowTheOrderOfTheKeyTable() throws ConfigRefusedException {
    assertThat(AiperfArguments.of(parameters(CONFIG), OUT))
        .containsExactly(
            "profile",
            "--model",
            "meta/llama-3.3-70b-instruct",
            "--tokenizer",
            "meta-llama/Llama-3.3-70B-Instruct",
            "--url",
            "https://integrate.api.nvidia.com",
            "--endpoint",
            "/v1/chat/completions",
            "--endpoint-type",
            "chat",
            "--streaming",
            "--warmup-request-count",
            "20",
            "--benchmark-duration",
            "60",
            "--concurrency",
            "1",
            "--request-rate",
            "2.0",
            "--request-rate-mode",
            "constant",
            "--random-seed",
            "12345",
            "--prompt-input-tokens-mean",
            "100",
            "--prompt-output-tokens-mean",
            "50",
            "--prompt-output-tokens-stddev",
            "5",
            "--request-count",
            "500",
            "--output-artifact-dir",
            "out/b/20251114_140254",
            "--ui-type",
            "none");
  }

  @Test
  void zeroWarmupRequestsPassNoFlag() throws ConfigRefusedException {
    // given
    String config = FixedRules.BASE.replace("warmup_request_count: 1", "warmup_request_count: 0");

    // when / then
    assertThat(AiperfArguments.of(parameters(config), OUT))
        .doesNotContain("--warmup-request-count", "0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "export_http_trace: true | --export-http-trace",
        "export_http_trace: false |",
        "force_min_tokens: true | --force-min-tokens",
        "force_min_tokens: false | --no-force-min-tokens",
        "slice_duration: 0.5 | --slice-duration 0.5",
        "server_metrics_formats: [csv, json] | --server-metrics-formats csv"
            + " --server-metrics-formats json",
        "goodput: {request_latency: 250, output_token_count: 10.5} | --goodput"
            + " request_latency:250·output_token_count:10.5",
        "goodput: [request_latency:250, output_token_count:10] | --goodput"
            + " request_latency:250·output_token_count:10",
        "extra_inputs: {ignore_eos: true, min_tokens: 5, top_p: 0.9} | --extra-inputs"
            + " ignore_eos:true --extra-inputs min_tokens:5 --extra-inputs top_p:0.9",
        "extra_inputs: {stop: [a, 1], x: 'a,b', w: {v: '1'}} | --extra-inputs"
            + " {\"stop\":[\"a\",1]} --extra-inputs {\"x\":\"a,b\"} --extra-inputs"
            + " {\"w\":{\"v\":\"1\"}}",
        "extra_inputs: {t: 1.0e-7, n: -5} | --extra-inputs {\"t\":1.0E-7} --extra-inputs {\"n\":-5}",
        "extra_inputs: a:b | --extra-inputs a:b",
      })
  void optionsAreFormattedByKind(String option, String arguments) throws ConfigRefusedException {
    // given
    String config = FixedRules.BASE + "  aiperf_options:\n    " + option + "\n";

    // when
    List<String> all = AiperfArguments.of(parameters(config), OUT);

    // then
    int start = all.indexOf("constant") + 1;
    assertThat(
            String.join(
                " ",
                all.subList(start, all.size() - 4).stream().map(a -> a.replace(' ', '·')).toList()))
        .isEqualTo(arguments == null ? "" : arguments);
  }

  @Test
  void showTheKeyByNameOnly() throws ConfigRefusedException {
    // given
    Parameters parameters = parameters(CONFIG);

    // when / then
    assertThat(AiperfArguments.of(parameters, OUT)).noneMatch(a -> a.contains("API_KEY"));
    assertThat(AiperfArguments.equivalent(parameters, OUT))
        .startsWith("aiperf", "profile", "--model")
        .endsWith(
            "--api-key",
            "$SET_API_KEY",
            "--output-artifact-dir",
            OUT.toString(),
            "--ui-type",
            "none");
    assertThat(AiperfArguments.shellLine(parameters, OUT))
        .startsWith("aiperf profile --model meta/llama-3.3-70b-instruct --tokenizer ")
        .endsWith(
            " --api-key \"$SET_API_KEY\" --output-artifact-dir out/b/20251114_140254 --ui-type none");
  }

  @Test
  void shellLineCanBePastedIntoAShell()
      throws ConfigRefusedException, IOException, InterruptedException {
    // given
    String config =
        FixedRules.BASE.replace("model: m", "model: \"it's $HOME `id` \\\"a\\\" \\\\ *;&\"")
            + "  aiperf_options: {system_prompt: \"one\\ntwo  three\"}\n";
    Parameters parameters = parameters(config);

    // when
    String line = AiperfArguments.shellLine(parameters, Path.of("a b"));
    Process shell =
        new ProcessBuilder("sh", "-c", line.replaceFirst("aiperf", "printf '%s\\\\0'")).start();
    String printed = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    // then
    assertThat(shell.waitFor()).isZero();
    assertThat(printed.split("\0"))
        .containsExactlyElementsOf(AiperfArguments.of(parameters, Path.of("a b")));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          aZ_09@%+=:.-/x, aZ_09@%+=:.-/x
          a b,            'a b'
          é,              'é'
          ~x,             '~x'
          it's,           'it'\\''s'
          """)
  void quotesOnlyWhatAShellMayChange(String folder, String quoted) {
    assertThat(AiperfArguments.shellLine(parameters(FixedRules.BASE), Path.of(folder)))
        .endsWith(" --output-artifact-dir " + quoted + " --ui-type none");
  }

  private static Parameters parameters(String config) throws ConfigRefusedException {
    return FixedRules.read(config).base();
  }
}
