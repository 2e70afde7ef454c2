package dev.caravan.observe.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.config.Parameters;
import dev.caravan.model.Outcome;
import dev.caravan.model.plan.Place;
import dev.caravan.pipeline.outcome.AiperfExport;
import dev.caravan.pipeline.outcome.CheckedJudgment;
import dev.caravan.pipeline.outcome.Judgment;
import dev.caravan.pipeline.outcome.Metrics;
import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.storage.Json;
import dev.caravan.storage.JsonTimes;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Reads a run's folder into a point of a report. */
final class RunReader {

  private static final int MAX_REASON = 300;

  private final LateChecks lateChecks;

  /**
   * A reader.
   *
   * @param lateChecks for runs that were recorded without checks
   */
  RunReader(LateChecks lateChecks) {
    this.lateChecks = lateChecks;
  }

  /**
   * Which run it is.
   *
   * @param index from 0
   * @param folderName name of its folder in the batch folder
   * @param place its place in the plan
   * @param values its values of the keys that vary
   * @param labels those of its batch and variant
   */
  record Identity(
      int index, String folderName, Place place, List<Object> values, Map<String, String> labels) {}

  /** A Caravan run, which may not have started, or waits for its next attempt. */
  Point point(Identity run, Path folder, LateChecks.Asked asked) {
    RunFolder files = new RunFolder(folder);
    Optional<Head> head = ProcessResult.head(files.processResult());
    if (head.filter(Head::isFinal).isPresent()) {
      return ended(run, head.get(), files, asked);
    }
    boolean running = Files.exists(files.runMetadata()) && !Files.exists(files.processResult());
    return new Point(
        run.index(),
        run.folderName(),
        run.place(),
        run.values(),
        running ? Point.RUNNING : Point.PENDING,
        "",
        head.flatMap(h -> h.reasons().stream().findFirst()).orElse(""),
        head.map(Head::attempt).orElse(0),
        "",
        CheckResults.NONE,
        ReportMetric.NONE);
  }

  private Point ended(Identity run, Head head, RunFolder files, LateChecks.Asked asked) {
    Judgment recorded = new Judgment(head.status(), head.cause(), head.reasons());
    CheckedJudgment checked =
        head.checks().isPresent()
            ? new CheckedJudgment(recorded, head.checks())
            : lateChecks.check(recorded, files, asked);
    OptionalDouble duration = OptionalDouble.of(head.duration().toMillis() / 1000.0);
    OptionalDouble requested =
        asked.parameters().map(Parameters::requestedTokens).orElse(OptionalDouble.empty());
    return judged(
        run,
        checked,
        head.attempt(),
        JsonTimes.text(head.startedAt()),
        metrics(run, files, checked.checks(), duration, requested));
  }

  private static Point judged(
      Identity run,
      CheckedJudgment checked,
      int attempt,
      String startedAt,
      Metrics<ReportMetric> metrics) {
    Judgment judgment = checked.judgment();
    return new Point(
        run.index(),
        run.folderName(),
        run.place(),
        run.values(),
        judgment.outcome().value(),
        judgment.cause(),
        judgment.reasons().stream().findFirst().map(r -> OneLine.line(r, MAX_REASON)).orElse(""),
        attempt,
        startedAt,
        checked.checks(),
        metrics);
  }

  /**
   * A run of a program that records less: {@code run_aiperf.py} writes a result only for runs that
   * exited 0, and aiperf itself writes only its export.
   */
  Point foreign(Identity run, Path folder, String startedAt, LateChecks.Asked asked) {
    RunFolder files = new RunFolder(folder);
    if (ProcessResult.head(files.processResult()).filter(Head::isFinal).isPresent()) {
      return point(run, folder, asked);
    }
    CheckedJudgment checked =
        lateChecks.check(judgment(AiperfExport.read(folder), files), files, asked);
    return judged(
        run,
        checked,
        1,
        startedAt,
        metrics(run, files, checked.checks(), OptionalDouble.empty(), OptionalDouble.empty()));
  }

  private static Judgment judgment(AiperfExport.Reading reading, RunFolder files) {
    Outcome outcome = outcome(reading.export(), returnCode(files));
    List<String> reasons =
        switch (outcome) {
          case DEGRADED ->
              List.of(
                  reading.export().get().failedRequests()
                      + " requests failed, or the run was cut short");
          case FAILED -> List.of(failure(reading, files));
          default -> List.of();
        };
    return new Judgment(outcome, "", reasons);
  }

  private static String failure(AiperfExport.Reading reading, RunFolder files) {
    boolean hasResult = Files.isRegularFile(files.processResult());
    return reading.export().isPresent()
        ? "aiperf exited with an error"
        : "no complete summary ("
            + reading.problem()
            + ")"
            + (hasResult ? "" : "; run_aiperf.py keeps no result of a failed run");
  }

  private static Outcome outcome(Optional<AiperfExport> export, int returnCode) {
    if (export.isEmpty() || returnCode != 0 || export.get().succeededRequests() == 0) {
      return Outcome.FAILED;
    }
    AiperfExport summary = export.get();
    boolean partial =
        summary.failedRequests() > 0 || summary.wasCancelled() || !summary.isComplete();
    return partial ? Outcome.DEGRADED : Outcome.SUCCEEDED;
  }

  /** The return code in the result of {@code run_aiperf.py}; 0 when absent. */
  private static int returnCode(RunFolder files) {
    try {
      JsonNode json = Json.read(files.processResult(), JsonNode.class);
      return json.path("returncode").asInt(0);
    } catch (IOException e) {
      return 0; // judged by the summary alone
    }
  }

  private static Metrics<ReportMetric> metrics(
      Identity run,
      RunFolder files,
      CheckResults checks,
      OptionalDouble duration,
      OptionalDouble requested) {
    Optional<AiperfExport> export = AiperfExport.read(files.path()).export();
    ServerMetrics server = ServerMetrics.read(files.path());
    return new Metrics<>(
        ReportMetric.class,
        metric ->
            switch (metric) {
              case DURATION -> duration;
              case OSL_REQUESTED -> requested;
              case TOKENS_PER_GPU ->
                  PerGpu.of(
                      run.labels(),
                      export
                          .map(summary -> ReportMetric.TOKENS.from(summary, CheckResults.NONE))
                          .orElse(OptionalDouble.empty()));
              case RUNNING, WAITING, KV_CACHE, PREEMPTIONS, PREFIX_HITS -> server.get(metric);
              case GPU_POWER -> export.map(AiperfExport::gpuWatts).orElse(OptionalDouble.empty());
              default ->
                  export
                      .map(summary -> metric.from(summary, checks))
                      .orElse(OptionalDouble.empty());
            });
  }
}
