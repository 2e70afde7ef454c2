package dev.caravan.pipeline.outcome;

import dev.caravan.pipeline.environment.ServiceMetrics;
import dev.caravan.pipeline.environment.ServingEngine;
import dev.caravan.pipeline.outcome.checks.Evidence.Server;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads what the service under test said about its load and its prefix cache in the measured phase,
 * from aiperf's {@code server_metrics_export.json}. Knows the requests of every {@link
 * ServingEngine}, and the prefix cache of vLLM.
 */
final class ServerCounters {

  private static final String HITS = "vllm:prefix_cache_hits";
  private static final String START = ServiceMetrics.PROCESS_START;
  private static final Set<String> NAMES =
      Stream.concat(Stream.of(HITS, START), ServingEngine.metrics())
          .collect(Collectors.toUnmodifiableSet());

  private ServerCounters() {}

  /** What this run folder has; empty when the service exported nothing that is known. */
  static Optional<Server> read(Path runFolder) {
    return ServerExport.read(runFolder, NAMES).flatMap(ServerCounters::server);
  }

  private static Optional<Server> server(ServerExport metrics) {
    Optional<ServingEngine> engine =
        Stream.of(ServingEngine.values()).filter(each -> metrics.has(each.running())).findFirst();
    OptionalDouble hits = metrics.sum(HITS, "total");
    OptionalDouble start = metrics.max(START, "max");
    if (engine.isEmpty() && hits.isEmpty() && start.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Server(
            hits,
            engine.map(each -> inProgress(metrics, each)).orElse(OptionalDouble.empty()),
            engine.map(each -> metrics.sum(each.running(), "p95")).orElse(OptionalDouble.empty()),
            engine.map(each -> metrics.series(each.running())).orElse(0),
            start));
  }

  /** Running and waiting; empty if the running ones have no mean. */
  private static OptionalDouble inProgress(ServerExport metrics, ServingEngine engine) {
    OptionalDouble running = metrics.sum(engine.running(), "avg");
    double waiting = metrics.sum(engine.waiting(), "avg").orElse(0);
    return running.isEmpty() ? running : OptionalDouble.of(running.getAsDouble() + waiting);
  }
}
