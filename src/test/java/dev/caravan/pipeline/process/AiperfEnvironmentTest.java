package dev.caravan.pipeline.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AiperfEnvironmentTest {

  private static final Path CACHE = Path.of("/home/me/.local/share/caravan/tiktoken");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PATH",
        "HOME",
        "LANG",
        "LC_ALL",
        "https_proxy",
        "HTTPS_PROXY",
        "http_proxy",
        "HTTP_PROXY",
        "no_proxy",
        "NO_PROXY",
        "all_proxy",
        "ALL_PROXY",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "REQUESTS_CA_BUNDLE",
        "CURL_CA_BUNDLE",
        "HF_TOKEN",
        "HF_HOME",
        "TRANSFORMERS_CACHE",
        "TIKTOKEN_CACHE_DIR",
        "AIPERF_HTTP_TRUST_ENV",
        "AIPERF_SERVER_METRICS_COLLECTION_FLUSH_PERIOD",
        "AIPERF_MLFLOW_EXPORT_TIMEOUT_SECONDS",
        "MINE"
      })
  void passesOnAllowedVariables(String name) {
    assertThat(of(Map.of(name, "value"))).containsEntry(name, "value");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OPENAI_API_KEY",
        "AWS_SECRET_ACCESS_KEY",
        "LD_PRELOAD",
        "PYTHONPATH",
        "TMPDIR",
        "AIPERF_INJECTED_API_KEY",
        "AIPERF_INJECTED_HEADERS",
        "MINE_TOO",
        "path"
      })
  void removesAllOtherVariables(String name) {
    assertThat(of(Map.of(name, "value"))).doesNotContainKey(name);
  }

  @Test
  void setsDefaultsForUnsetVariables() {
    assertThat(of(Map.of()))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "AIPERF_SERVER_METRICS_COLLECTION_FLUSH_PERIOD",
                "0",
                "AIPERF_MLFLOW_EXPORT_TIMEOUT_SECONDS",
                "10",
                "AIPERF_WANDB_EXPORT_TIMEOUT_SECONDS",
                "10",
                "TIKTOKEN_CACHE_DIR",
                CACHE.toString()));
  }

  private static Map<String, String> of(Map<String, String> source) {
    return AiperfEnvironment.of(source, List.of("MINE", "AIPERF_INJECTED_API_KEY"), CACHE);
  }
}
