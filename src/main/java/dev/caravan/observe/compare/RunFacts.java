package dev.caravan.observe.compare;

import dev.caravan.model.Run;
import dev.caravan.pipeline.environment.Environment;
import dev.caravan.pipeline.environment.ServiceIdentity;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** The facts of a run's environment that matter for comparisons. */
final class RunFacts {

  /** The version of aiperf. */
  static final String AIPERF = "aiperf";

  private static final double BYTES_PER_GIB = 1L << 30;

  private RunFacts() {}

  /**
   * What generated the load: client hardware and the version of aiperf.
   *
   * @param aiperf the version if the environment does not tell; empty when unknown
   */
  static Map<String, String> client(Optional<Environment> environment, String aiperf) {
    Map<String, String> facts = new LinkedHashMap<>();
    String version = environment.map(e -> e.client().getOrDefault(AIPERF, "")).orElse("");
    put(facts, AIPERF, version.isEmpty() ? aiperf : version);
    Map<String, Object> host = environment.map(Environment::host).orElse(Map.of());
    put(facts, "cpu_model", host.get("cpu_model"));
    put(facts, "cpus", host.get("cpus"));
    if (host.get("memory_bytes") instanceof Number bytes) {
      // A kernel keeps some of it for itself, and not always as much.
      put(facts, "memory", Math.round(bytes.doubleValue() / BYTES_PER_GIB) + " GiB");
    }
    return facts;
  }

  /** The file of prompts by what it holds: another one may have its name. */
  static Map<String, String> dataset(Optional<Run> run) {
    Map<String, String> facts = new LinkedHashMap<>();
    run.flatMap(Run::inputFile).ifPresent(file -> put(facts, "input_file", file.content()));
    return facts;
  }

  /** What is listed only: host, and the version of the service. */
  static Map<String, String> others(Optional<Environment> environment) {
    Map<String, String> facts = new LinkedHashMap<>();
    environment.ifPresent(
        e -> {
          put(facts, "host", e.host().get("name"));
          e.service()
              .last()
              .map(ServiceIdentity::properties)
              .ifPresent(
                  properties ->
                      properties.forEach((name, value) -> put(facts, "service." + name, value)));
        });
    return facts;
  }

  /** When the process of the service started, if it told; the same process tells the same. */
  static OptionalDouble serviceStart(Optional<Environment> environment) {
    return environment
        .flatMap(each -> each.service().last())
        .map(ServiceIdentity::processStart)
        .orElse(OptionalDouble.empty());
  }

  private static void put(Map<String, String> facts, String name, Object value) {
    if (value != null && !value.toString().isEmpty()) {
      facts.put(name, value.toString());
    }
  }
}
