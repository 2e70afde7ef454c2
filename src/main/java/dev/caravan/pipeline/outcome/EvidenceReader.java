package dev.caravan.pipeline.outcome;

import dev.caravan.config.Parameters;
import dev.caravan.pipeline.environment.Environment;
import dev.caravan.pipeline.outcome.checks.Evidence;
import dev.caravan.pipeline.outcome.checks.Workload;
import dev.caravan.storage.RunFolder;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Reads the evidence that an attempt left behind, each file once and in bounded memory. */
public final class EvidenceReader {

  private static final String TOO_MANY = "429";

  private EvidenceReader() {}

  /**
   * The evidence in a run folder; empty unless aiperf wrote a summary of successful requests, since
   * without one there is no number to check.
   *
   * @param earlierPrompts SHA-256 of the prompts of earlier runs on the same service, each with
   *     words for the run
   */
  public static Optional<Evidence> read(
      RunFolder folder, Parameters parameters, Map<String, String> earlierPrompts) {
    return read(folder, new Workload(parameters), RequestColumns.LIMITS, earlierPrompts);
  }

  /** The same, of a workload that may be unknown, reading the request log for this long at most. */
  public static Optional<Evidence> read(RunFolder folder, Workload workload, Duration atMost) {
    ReadLimits limits = new ReadLimits(RequestColumns.LIMITS.bytes(), atMost);
    return read(folder, workload, limits, Map.of());
  }

  private static Optional<Evidence> read(
      RunFolder folder, Workload workload, ReadLimits limits, Map<String, String> earlierPrompts) {
    RunArtifacts artifacts = new RunArtifacts(folder);
    return artifacts
        .summary()
        .map(summary -> evidence(folder, workload, artifacts, summary, limits, earlierPrompts));
  }

  private static Evidence evidence(
      RunFolder folder,
      Workload workload,
      RunArtifacts artifacts,
      AiperfExport summary,
      ReadLimits limits,
      Map<String, String> earlierPrompts) {
    return new Evidence(
        workload,
        summary::stat,
        new Evidence.Counts(
            summary.succeededRequests(),
            summary.failedRequests(),
            summary.errors().totalLabelled(TOO_MANY),
            artifacts.measuredPhase().cancelled(),
            summary.brokenOffRequests()),
        RequestColumns.read(folder.requests(), limits),
        ServerCounters.read(folder.path()),
        HoldUps.in(folder.stdout()).or(() -> HoldUps.in(folder.aiperfLog())),
        Environment.read(folder.environment()),
        earlierPrompts);
  }
}
