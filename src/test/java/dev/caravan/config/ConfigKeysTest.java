package dev.caravan.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The key table and the list of aiperf options are consistent. */
class ConfigKeysTest {

  @Test
  void listsTheKeysInTheOrderOfTheSpecification() {
    assertThat(ConfigKeys.names())
        .containsExactly(
            "model",
            "tokenizer",
            "url",
            "endpoint",
            "endpoint_type",
            "api_key_env_var",
            "streaming",
            "warmup_request_count",
            "benchmark_duration",
            "concurrency",
            "request_rate",
            "request_rate_mode",
            "random_seed",
            "prompt_input_tokens_mean",
            "prompt_input_tokens_stddev",
            "prompt_output_tokens_mean",
            "prompt_output_tokens_stddev",
            "health_check_endpoint",
            "use_legacy_max_tokens",
            "use_server_token_count",
            "input_file",
            "custom_dataset_type",
            "aiperf_options");
  }

  @Test
  void requiresWhatRunAiperfRequiredButTheDuration() {
    assertThat(ConfigKeys.all().stream().filter(ConfigKey::required).map(ConfigKey::name))
        .containsExactly("model", "url", "warmup_request_count", "concurrency");
  }

  @Test
  void excludesFlagsOfKeysFromTheOptions() {
    // when
    AiperfOptions options = AiperfOptions.shipped();

    // then
    assertThat(ConfigKeys.names())
        .filteredOn(name -> ConfigKeys.find(name).orElseThrow().flag().isPresent())
        .allSatisfy(name -> assertThat(options.find(name)).isEmpty())
        .filteredOn(name -> !name.equals("model") && !name.equals("endpoint"))
        .allSatisfy(name -> assertThat(options.refusal(name).orElseThrow().key()).isEqualTo(name));
    assertThat(options.allowed()).hasSizeGreaterThan(100);
    assertThat(options.allowed().keySet()).allMatch(name -> options.refusal(name).isEmpty());
  }

  @Test
  void refusesOptionsForFilesHostsPlugInsAndHeaders() {
    for (String name :
        new String[] {
          "config",
          "header",
          "session_header",
          "system_prompt_file",
          "request_rate_series",
          "otel_url",
          "mlflow_tracking_uri",
          "wandb_project",
          "server_metrics",
          "gpu_telemetry",
          "api_port",
          "zmq_ipc_path",
          "zmq_host",
          "transport",
          "scenario",
          "tokenizer_trust_remote_code",
          "image_source",
          "profile_export_file",
          "artifact_dir",
          "ui",
          "api_key",
          "public_dataset",
          "search_space",
          "num_profile_runs",
          "sweep_variant",
          "download_video_content"
        }) {
      assertThat(AiperfOptions.shipped().refusal(name)).as(name).isPresent();
    }
  }
}
