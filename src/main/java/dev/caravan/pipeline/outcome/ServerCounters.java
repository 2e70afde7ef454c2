package dev.caravan.pipeline.outcome;

import dev.caravan.pipeline.environment.ServiceMetrics;
import dev.caravan.pipeline.outcome.checks.Evidence.Server;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Reads what the service under test said about its load and its prefix cache in the measured phase,
 * from aiperf's {@code server_metrics_export.json}. Knows the metrics of vLLM and SGLang.
 */
final class ServerCounters {

  private static final String HITS = "vllm:prefix_cache_hits";
  private static final String START = ServiceMetrics.PROCESS_START;
  private static final List<String> RUNNING = ServiceMetrics.RUNNING;
  private static final List<String> WAITING = ServiceMetrics.WAITING;
  private static final Set<String> NAMES =
      Set.of(HITS, START, RUNNING.get(0), RUNNING.get(1), WAITING.get(0), WAITING.get(1));

  private ServerCounters() {}

  /** What this run folder has; empty when the service exported nothing that is known. */
  static Optional<Server> read(Path runFolder) {
    return ServerExport.read(runFolder, NAMES).flatMap(ServerCounters::server);
  }

  private static Optional<Server> server(ServerExport metrics) {
    Optional<String> running = RUNNING.stream().filter(metrics::has).findFirst();
    OptionalDouble hits = metrics.sum(HITS, "total");
    OptionalDouble start = metrics.max(START, "max");
    if (running.isEmpty() && hits.isEmpty() && start.isEmpty()) {
      return Optional.empty();
    }
    OptionalDouble inProgress =
        running.map(name -> metrics.sum(name, "avg")).orElse(OptionalDouble.empty());
    double waiting = WAITING.stream().mapToDouble(name -> metrics.sum(name, "avg").orElse(0)).sum();
    return Optional.of(
        new Server(
            hits,
            inProgress.isEmpty()
                ? inProgress
                : OptionalDouble.of(inProgress.getAsDouble() + waiting),
            running.map(name -> metrics.sum(name, "p95")).orElse(OptionalDouble.empty()),
            running.map(metrics::series).orElse(0),
            start));
  }
}
