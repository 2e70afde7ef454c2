package dev.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.Hook;
import dev.caravan.config.HookEvent;
import dev.caravan.config.Parameters;
import dev.caravan.config.text.Plural;
import dev.caravan.model.plan.PlanTime;
import dev.caravan.model.plan.Sweep;
import dev.caravan.pipeline.outcome.SearchText;
import dev.caravan.pipeline.process.AiperfArguments;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Prints the runs of a config one at a time, holding only one in memory. */
final class PlanPrinter {

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
    boolean isSearch = sweep.search().isPresent();
    if (isSearch) {
      out.println("Search: " + SearchText.plan(config));
    }
    String total = "/" + sweep.runs() + ": ";
    for (int index : sweep.indexes().limit(isSearch ? 1 : Integer.MAX_VALUE).toArray()) {
      String name = sweep.folder(index);
      Path folder = name.isEmpty() ? batch : batch.resolve(name);
      Parameters parameters = sweep.sent(index, 1);
      out.println("Run " + sweep.number(index) + total + configs.shown(folder));
      out.println("  " + AiperfArguments.shellLine(parameters, folder));
    }
    if (isSearch) {
      printRest(out, sweep.runs() - 1);
    }
    if (config.variesPrompts()) {
      out.println(PROMPTS);
    }
    config.hooks().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(each -> hookLine(each.getKey(), each.getValue()))
        .forEach(out::println);
    printTime(out, PlanTime.of(config), isSearch);
  }

  private static void printRest(PrintWriter out, int most) {
    out.println(
        "… then at most " + Plural.runs(most) + ", each at a load chosen by the results so far");
  }

  private static String hookLine(HookEvent event, Hook hook) {
    return hookLine(event.key(), hook.name(), hook.onFailure().value());
  }

  private static String hookLine(String event, String hook, String onFailure) {
    return "Hook " + event + ": " + hook + "; on failure: " + onFailure;
  }

  /** Prints a plan received over HTTP, in the format of {@link #print(BenchmarkConfig)}. */
  static void print(JsonNode plan, PrintWriter out) {
    int total = plan.path("total").asInt();
    int number = 0;
    if (!plan.path("search").asText().isEmpty()) {
      out.println("Search: " + plan.path("search").asText());
    }
    for (JsonNode run : plan.path("runs")) {
      number++;
      out.println("Run " + number + "/" + total + ": " + run.path("folder").asText());
      out.println("  " + run.path("command").asText());
    }
    int shown = plan.path("runs").size();
    boolean isSearch = !plan.path("search").asText().isEmpty();
    if (isSearch) {
      printRest(out, total - 1);
    } else if (shown < total) {
      out.println("… and " + Plural.runs(total - shown) + " more");
    }
    if (plan.path("vary_prompts").asBoolean()) {
      out.println(PROMPTS);
    }
    for (JsonNode hook : plan.path("hooks")) {
      out.println(
          hookLine(
              hook.path("event").asText(),
              hook.path("hook").asText(),
              hook.path("on_failure").asText()));
    }
    printTime(
        out,
        new PlanTime(
            total,
            Duration.ofSeconds(plan.path("measured_seconds").asLong()),
            Duration.ofSeconds(plan.path("cool_down_seconds").asLong()),
            plan.path("runs_without_duration").asInt()),
        isSearch);
  }

  private static void printTime(PrintWriter out, PlanTime plan, boolean isSearch) {
    boolean isOpen = plan.unlimited() > 0;
    if (isSearch && isOpen) {
      out.println("Estimated time: " + plan.estimate(true, PlanPrinter::text));
      out.flush();
      return;
    }
    out.println(
        "Estimated time: "
            + plan.estimate(isSearch, PlanPrinter::text)
            + (isSearch ? "" : " for " + Plural.runs(plan.runs()))
            + " (measured time plus about "
            + PlanTime.OVERHEAD.toSeconds()
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
