package dev.caravan.observe.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.outcome.AiperfExport;
import dev.caravan.pipeline.outcome.Metrics;
import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.storage.Json;
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

  private final Map<String, String> labels;

  /** A reader for runs with these labels; the label {@code gpus} enables metrics per GPU. */
  RunReader(Map<String, String> labels) {
    this.labels = labels;
  }

  /** A Caravan run, which may not have started. */
  Point point(
      int index,
      String folderName,
      List<Object> values,
      Path folder,
      OptionalDouble requestedTokens) {
    RunFolder files = new RunFolder(folder);
    Optional<Head> head = ProcessResult.head(files.processResult());
    if (head.filter(Head::isFinal).isPresent()) {
      return ended(index, folderName, values, head.get(), files, requestedTokens);
    }
    boolean started = Files.exists(files.runMetadata()) || head.isPresent();
    return new Point(
        index,
        folderName,
        values,
        started ? Point.RUNNING : Point.PENDING,
        "",
        head.flatMap(h -> h.reasons().stream().findFirst()).orElse(""),
        head.map(Head::attempt).orElse(0),
        "",
        CheckResults.NONE,
        ReportMetric.NONE);
  }

  private Point ended(
      int index,
      String folderName,
      List<Object> values,
      Head head,
      RunFolder files,
      OptionalDouble requestedTokens) {
    return new Point(
        index,
        folderName,
        values,
        head.status().value(),
        head.cause(),
        head.reasons().stream().findFirst().map(r -> OneLine.line(r, MAX_REASON)).orElse(""),
        head.attempt(),
        head.startedAt().toString(),
        head.checks(),
        metrics(files, OptionalDouble.of(head.duration().toMillis() / 1000.0), requestedTokens));
  }

  /**
   * A run of a program that records less: {@code run_aiperf.py} writes a result only for runs that
   * exited 0, and aiperf itself writes only its export.
   */
  Point foreign(int index, String folderName, List<Object> values, Path folder, String startedAt) {
    RunFolder files = new RunFolder(folder);
    if (ProcessResult.head(files.processResult()).filter(Head::isFinal).isPresent()) {
      return point(index, folderName, values, folder, OptionalDouble.empty());
    }
    AiperfExport.Reading reading = AiperfExport.read(folder);
    Optional<AiperfExport> export = reading.export();
    boolean hasResult = Files.isRegularFile(files.processResult());
    Outcome outcome = outcome(export, returnCode(files));
    String reason =
        switch (outcome) {
          case DEGRADED ->
              export.get().failedRequests() + " requests failed, or the run was cut short";
          case FAILED ->
              export.isPresent()
                  ? "aiperf exited with an error"
                  : "no complete summary ("
                      + reading.problem()
                      + ")"
                      + (hasResult ? "" : "; run_aiperf.py keeps no result of a failed run");
          default -> "";
        };
    return new Point(
        index,
        folderName,
        values,
        outcome.value(),
        "",
        reason,
        1,
        startedAt,
        CheckResults.NONE,
        metrics(files, OptionalDouble.empty(), OptionalDouble.empty()));
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

  private Metrics<ReportMetric> metrics(
      RunFolder files, OptionalDouble duration, OptionalDouble requested) {
    Optional<AiperfExport> export = AiperfExport.read(files.path()).export();
    ServerMetrics server = ServerMetrics.read(files.path());
    return new Metrics<>(
        ReportMetric.class,
        metric ->
            switch (metric) {
              case DURATION -> duration;
              case OSL_REQUESTED -> requested;
              case TOKENS_PER_GPU -> perGpu(export);
              case RUNNING, WAITING, KV_CACHE, PREEMPTIONS, PREFIX_HITS -> server.get(metric);
              case GPU_POWER -> export.map(AiperfExport::gpuWatts).orElse(OptionalDouble.empty());
              default -> export.map(metric::from).orElse(OptionalDouble.empty());
            });
  }

  private OptionalDouble perGpu(Optional<AiperfExport> export) {
    double gpus = gpus();
    OptionalDouble tokens = export.map(ReportMetric.TOKENS::from).orElse(OptionalDouble.empty());
    return gpus > 0 && tokens.isPresent()
        ? OptionalDouble.of(tokens.getAsDouble() / gpus)
        : OptionalDouble.empty();
  }

  private double gpus() {
    String text = labels.getOrDefault("gpus", "");
    return text.matches("\\d{1,6}") ? Double.parseDouble(text) : 0;
  }
}
