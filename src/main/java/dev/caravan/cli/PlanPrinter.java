package dev.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.Parameters;
import dev.caravan.model.plan.PlanTime;
import dev.caravan.model.plan.Sweep;
import dev.caravan.pipeline.process.AiperfArguments;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;

/** Prints the runs of a config one at a time, holding only one in memory. */
final class PlanPrinter {

  /** Time that aiperf 0.13.0 adds to each measurement (start, shutdown, export). */
  private static final Duration OVERHEAD = Duration.ofSeconds(4);

  /** Stands for the timestamp in the folder of a batch that does not exist. */
  static final String TIMESTAMP = "<timestamp>";

  private static final String PROMPTS =
      "Prompts vary: each run and attempt sends its own; shown are the first attempts";

  private final ConfigFiles configs;
  private final PrintWriter out;

  PlanPrinter(ConfigFiles configs, PrintWriter out) {
    this.configs = configs;
    this.out = out;
  }

  /** Prints the folder and command of every run, then the estimated total time. */
  void print(BenchmarkConfig config) {
    Sweep sweep = new Sweep(config);
    Path batch = configs.parent(config).resolve(TIMESTAMP);
    for (int index : sweep.indexes().toArray()) {
      String name = sweep.folder(index);
      Path folder = name.isEmpty() ? batch : batch.resolve(name);
      Parameters parameters = sweep.sent(index, 1);
      out.println("Run " + sweep.number(index) + "/" + sweep.runs() + ": " + configs.shown(folder));
      out.println("  " + AiperfArguments.shellLine(parameters, folder));
    }
    if (config.variesPrompts()) {
      out.println(PROMPTS);
    }
    printTime(out, PlanTime.of(config));
  }

  /** Prints a plan received over HTTP, in the format of {@link #print(BenchmarkConfig)}. */
  static void print(JsonNode plan, PrintWriter out) {
    int total = plan.path("total").asInt();
    int number = 0;
    for (JsonNode run : plan.path("runs")) {
      number++;
      out.println("Run " + number + "/" + total + ": " + run.path("folder").asText());
      out.println("  " + run.path("command").asText());
    }
    int shown = plan.path("runs").size();
    if (shown < total) {
      out.println("… and " + Plural.runs(total - shown) + " more");
    }
    if (plan.path("vary_prompts").asBoolean()) {
      out.println(PROMPTS);
    }
    printTime(
        out,
        new PlanTime(
            total,
            Duration.ofSeconds(plan.path("measured_seconds").asLong()),
            Duration.ofSeconds(plan.path("cool_down_seconds").asLong()),
            plan.path("runs_without_duration").asInt()));
  }

  private static void printTime(PrintWriter out, PlanTime plan) {
    boolean isOpen = plan.unlimited() > 0;
    Duration time = plan.measured().plus(OVERHEAD.multipliedBy(plan.runs())).plus(plan.pauses());
    out.println(
        "Estimated time: "
            + (isOpen ? "more than " : "")
            + text(time)
            + " for "
            + Plural.runs(plan.runs())
            + " (measured time plus about "
            + OVERHEAD.toSeconds()
            + " s of aiperf overhead per run"
            + (plan.pauses().isZero() ? "" : ", and cool_down between runs")
            + "; warm-up requests not included"
            + (isOpen
                ? "; %d without benchmark_duration cannot be estimated".formatted(plan.unlimited())
                : "")
            + ")");
    out.flush();
  }

  private static String text(Duration time) {
    String minutes = time.toMinutesPart() + " min " + time.toSecondsPart() + " s";
    return time.toHours() > 0 ? time.toHours() + " h " + minutes : minutes;
  }
}
