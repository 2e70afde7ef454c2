package dev.caravan.pipeline.process;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.storage.SetupLocation;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Builds aiperf's environment: the variables it needs to find its files, its models and the
 * network, and nothing else. Secrets of other programs are not passed on.
 */
public final class AiperfEnvironment {

  private static final String TIKTOKEN_CACHE_DIR = "TIKTOKEN_CACHE_DIR";

  /**
   * Unless they are set. How long aiperf keeps scraping the target's metrics after a run: zero
   * saves two seconds per run and still keeps the metrics of the run itself (measured on 0.13.0).
   * How long it may take to send its results: 15 s after its services have ended aiperf takes them
   * for dead, and exits 1, though all is measured; its own limit is 30 s.
   */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "AIPERF_SERVER_METRICS_COLLECTION_FLUSH_PERIOD", "0",
          "AIPERF_MLFLOW_EXPORT_TIMEOUT_SECONDS", "10",
          "AIPERF_WANDB_EXPORT_TIMEOUT_SECONDS", "10");

  /** Prefix that aiperf uses internally to pass values to its child processes; never set by us. */
  private static final String INTERNAL_PREFIX = "AIPERF_INJECTED_";

  private static final Set<String> NAMES =
      Set.of(
          "PATH",
          "HOME",
          "LANG",
          "http_proxy",
          "HTTP_PROXY",
          "https_proxy",
          "HTTPS_PROXY",
          "all_proxy",
          "ALL_PROXY",
          "no_proxy",
          "NO_PROXY",
          "SSL_CERT_FILE",
          "SSL_CERT_DIR",
          "REQUESTS_CA_BUNDLE",
          "CURL_CA_BUNDLE",
          TIKTOKEN_CACHE_DIR);
  private static final Set<String> PREFIXES = Set.of("LC_", "HF_", "TRANSFORMERS_", "AIPERF_");

  private AiperfEnvironment() {}

  /** Aiperf's environment by these settings. */
  public static Map<String, String> of(Settings settings) {
    return of(
        settings.environment(),
        settings.list(Setting.AIPERF_ENVIRONMENT),
        SetupLocation.of(settings.environment()).tokenizers());
  }

  /**
   * The allowed variables of {@code source}, plus our defaults for aiperf.
   *
   * @param source usually the environment of this process
   * @param alsoAllowed additional names, from {@code caravan.aiperf.environment}
   * @param tokenizerCache where tiktoken caches its files, unless the source sets another folder;
   *     its own default is the temporary folder, which is new for every run
   */
  public static Map<String, String> of(
      Map<String, String> source, Collection<String> alsoAllowed, Path tokenizerCache) {
    Map<String, String> environment = new TreeMap<>();
    environment.put(TIKTOKEN_CACHE_DIR, tokenizerCache.toString());
    environment.putAll(DEFAULTS);
    source.forEach(
        (name, value) -> {
          if (isAllowed(name, alsoAllowed)) {
            environment.put(name, value);
          }
        });
    return Map.copyOf(environment);
  }

  private static boolean isAllowed(String name, Collection<String> alsoAllowed) {
    boolean allowed =
        NAMES.contains(name)
            || PREFIXES.stream().anyMatch(name::startsWith)
            || alsoAllowed.contains(name);
    return allowed && !name.startsWith(INTERNAL_PREFIX);
  }
}
