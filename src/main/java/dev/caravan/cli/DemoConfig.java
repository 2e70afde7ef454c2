package dev.caravan.cli;

/** The configs of the demos. */
final class DemoConfig {

  private static final String SWEEP =
      """
      # %s
      batch_name: demo
      base_config:
        model: simulated-model
        tokenizer: builtin
        url: %s
        streaming: true
        warmup_request_count: 2
        benchmark_duration: 5
        concurrency: 1
        random_seed: 1
        prompt_input_tokens_mean: 100
        prompt_output_tokens_mean: 32
      sweeps: %s
      vary_prompts: true # no two prompts begin alike
      """;

  private DemoConfig() {}

  /**
   * A config with sweeps.
   *
   * @param what what it shows, in words
   * @param url the service
   * @param sweeps a mapping, in braces
   */
  static String sweep(String what, String url, String sweeps) {
    return SWEEP.formatted(what, url, sweeps);
  }
}
