package dev.caravan.config;

import dev.caravan.config.text.NearestName;
import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads {@code slo}: for each metric, the bound that a run should keep. */
public final class SloSection {

  static final String PATH = "slo";

  /** The columns of {@code results.csv} that can have a bound or be compared. */
  public static final List<String> METRICS =
      Stream.concat(
              Stream.of(
                  "request_throughput_rps", "output_tokens_per_s", "output_tokens_per_s_per_user"),
              Stream.concat(
                  Stream.of("ttft_ms", "itl_ms", "request_latency_ms")
                      .flatMap(
                          name -> Stream.of("avg", "p50", "p90", "p99").map(s -> name + "_" + s)),
                  Stream.of("error_rate_pct")))
          .toList();

  private static final NumberRange RANGE = NumberRange.parse(">=0");

  private SloSection() {}

  /** The bounds in the order of the file. */
  static List<Slo> read(
      Mapping section, MeasurableMetrics measurable, ValueReader values, Problems problems) {
    List<Slo> bounds = new ArrayList<>();
    section
        .entries()
        .forEach(
            (name, entry) -> {
              String path = section.path(name);
              if (!METRICS.contains(name)) {
                problems.add(entry.key(), path, () -> unknown(name, METRICS));
              } else if (!ValueReader.isAbsent(entry.value())) {
                measurable.missing(name).ifPresent(why -> problems.add(entry.key(), path, why));
                values
                    .read(key(name), entry.value(), path)
                    .ifPresent(bound -> bounds.add(new Slo(name, (Double) bound)));
              }
            });
    return bounds;
  }

  /** The key of a metric's bound. */
  static ConfigKey key(String metric) {
    String word = Slo.isHigherBetter(metric) ? "Lowest" : "Highest";
    return ConfigKey.of(metric, ConfigKey.Type.NUMBER, word + " value that a run should have.")
        .withRange(RANGE);
  }

  /** What is said of a name that no metric has. */
  static String unknown(String name, List<String> metrics) {
    String near = NearestName.hint(name, metrics);
    return "unknown metric" + (near.isEmpty() ? "; one of " + String.join(", ", metrics) : near);
  }
}
