package dev.caravan.config;

import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Mapping.Entry;
import dev.caravan.config.yaml.Problems;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Recognises a config of aiperf's own ({@code aiperf profile --config}, its config/config.py), and
 * says in one message where its keys go in a config of Caravan.
 */
final class AiperfConfig {

  private static final String BENCHMARK = "benchmark";
  private static final int MAX_DEPTH = 4;
  private static final Set<String> VERSION = Set.of("schemaversion");
  private static final Set<String> PARTS =
      Set.of("model", "models", "endpoint", "dataset", "datasets", "phases", "profiling");

  /** Their key paths, in small letters and without underscores, and ours. */
  private static final Map<String, String> KEYS = keys();

  private AiperfConfig() {}

  /** Adds a problem for the whole file when it is such a config; whether it is. */
  static boolean refused(Mapping top, Problems problems) {
    Optional<Node> first =
        top.entries().entrySet().stream()
            .filter(entry -> isTheirs(entry.getKey(), entry.getValue()))
            .map(entry -> entry.getValue().key())
            .findFirst();
    if (first.isEmpty() || top.get(BaseSection.PATH).isPresent()) {
      return false;
    }
    Map<String, String> found = new LinkedHashMap<>();
    top.entries().forEach((name, entry) -> collect(name, entry.value(), 1, found));
    String pairs =
        found.entrySet().stream()
            .map(pair -> pair.getKey() + " → " + pair.getValue())
            .collect(Collectors.joining(", "));
    problems.add(
        first.get(),
        "",
        "this is a config of aiperf itself, for `aiperf profile --config`; Caravan has these keys in"
            + " base_config and sweeps"
            + (pairs.isEmpty() ? "" : ": " + pairs));
    return true;
  }

  private static boolean isTheirs(String name, Entry entry) {
    return VERSION.contains(plain(name))
        || name.equals(BENCHMARK)
            && entry.value() instanceof MappingNode benchmark
            && names(benchmark).stream().anyMatch(PARTS::contains);
  }

  private static Set<String> names(MappingNode node) {
    return Mapping.of(node, BENCHMARK, new Problems()).keys().stream()
        .map(AiperfConfig::plain)
        .collect(Collectors.toSet());
  }

  private static void collect(String path, Node node, int depth, Map<String, String> found) {
    String ours = KEYS.get(plain(path));
    if (ours != null) {
      found.put(path, ours);
    }
    if (node instanceof MappingNode mapping && depth < MAX_DEPTH) {
      Mapping.of(mapping, path, new Problems())
          .entries()
          .forEach((name, entry) -> collect(path + "." + name, entry.value(), depth + 1, found));
    }
  }

  private static String plain(String path) {
    return path.replace("_", "").toLowerCase(Locale.ROOT);
  }

  private static Map<String, String> keys() {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("randomseed", "random_seed");
    keys.put("sweep", "sweeps");
    keys.put("benchmark.model", "model");
    keys.put("benchmark.models", "model");
    keys.put("benchmark.endpoint.url", "url");
    keys.put("benchmark.endpoint.urls", "url");
    keys.put("benchmark.endpoint.path", "endpoint");
    keys.put("benchmark.endpoint.type", "endpoint_type");
    keys.put("benchmark.endpoint.streaming", "streaming");
    keys.put("benchmark.endpoint.apikey", "api_key_env_var");
    keys.put("benchmark.endpoint.uselegacymaxtokens", "use_legacy_max_tokens");
    keys.put("benchmark.endpoint.useservertokencount", "use_server_token_count");
    keys.put("benchmark.endpoint.headers", "header");
    keys.put("benchmark.endpoint.extra", "aiperf_options.extra_inputs");
    keys.put("benchmark.endpoint.timeout", "aiperf_options.request_timeout_seconds");
    keys.put("benchmark.tokenizer", "tokenizer");
    keys.put("benchmark.datasets", "input_file or prompt_input_tokens_mean and the like");
    keys.put("benchmark.dataset.path", "input_file");
    keys.put("benchmark.dataset.format", "custom_dataset_type");
    keys.put("benchmark.dataset.entries", "aiperf_options.num_dataset_entries");
    keys.put("benchmark.dataset.prompts.isl", "prompt_input_tokens_mean");
    keys.put("benchmark.dataset.prompts.osl", "prompt_output_tokens_mean");
    keys.put(
        "benchmark.phases", "warmup_request_count, benchmark_duration, concurrency, request_rate");
    keys.put("benchmark.warmup.requests", "warmup_request_count");
    keys.put("benchmark.profiling.duration", "benchmark_duration");
    keys.put("benchmark.profiling.concurrency", "concurrency");
    keys.put("benchmark.profiling.rate", "request_rate");
    keys.put("benchmark.profiling.type", "request_rate_mode");
    keys.put("benchmark.profiling.requests", "aiperf_options.request_count");
    keys.put("benchmark.profiling.graceperiod", "aiperf_options.benchmark_grace_period");
    keys.put("benchmark.slos", "aiperf_options.goodput");
    keys.put("benchmark.artifacts.dir", "output_base_dir");
    return keys;
  }
}
