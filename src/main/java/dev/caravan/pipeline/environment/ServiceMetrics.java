package dev.caravan.pipeline.environment;

import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Metrics by which services tell of their load and their start, in the Prometheus text format.
 * Knows those of every {@link ServingEngine}.
 *
 * @param inProgress requests in progress and waiting; empty if the service exports none
 * @param processStart when its process started, in seconds since 1970
 */
public record ServiceMetrics(OptionalDouble inProgress, OptionalDouble processStart) {

  /** Name of the start of the process. */
  public static final String PROCESS_START = "process_start_time_seconds";

  private static final Set<String> RUNNING =
      Stream.of(ServingEngine.values())
          .map(ServingEngine::running)
          .collect(Collectors.toUnmodifiableSet());

  private static final Set<String> REQUESTS =
      ServingEngine.metrics().collect(Collectors.toUnmodifiableSet());

  /** Reads a page of metrics. */
  public static ServiceMetrics read(String page) {
    double requests = 0;
    boolean tells = false;
    OptionalDouble start = OptionalDouble.empty();
    for (String line : page.split("\n")) {
      String name = line.split("[{ ]", 2)[0];
      if (REQUESTS.contains(name)) {
        requests += value(line);
        tells |= RUNNING.contains(name);
      } else if (name.equals(PROCESS_START)) {
        start = OptionalDouble.of(Math.max(start.orElse(0), value(line)));
      }
    }
    return new ServiceMetrics(tells ? OptionalDouble.of(requests) : OptionalDouble.empty(), start);
  }

  /** The number after the name and its labels; a time may follow it. */
  private static double value(String line) {
    String rest = line.substring(Math.max(line.lastIndexOf('}') + 1, line.indexOf(' ')));
    try {
      double number = Double.parseDouble(rest.strip().split(" ", 2)[0]);
      return Plausible.isFigure(number) ? number : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
