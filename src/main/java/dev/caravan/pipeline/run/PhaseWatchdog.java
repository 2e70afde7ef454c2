package dev.caravan.pipeline.run;

import dev.caravan.config.text.Durations;
import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.pipeline.outcome.RequestLog;
import dev.caravan.pipeline.process.Watchdog;
import dev.caravan.storage.RegularFiles;
import dev.caravan.storage.RunFolder;
import java.time.Duration;
import java.util.Optional;

/**
 * Watches an aiperf process by what it prints and writes: each phase and the whole run have a time
 * limit, and in start-up and export aiperf must show progress. It is also ended when its folder is
 * gone, since nothing that it measures can be kept. The request log is read only after a limit has
 * passed, so that watching costs the measured phase next to nothing.
 */
final class PhaseWatchdog implements Watchdog {

  /** Requests are counted in this much of the request log, which takes 0.2 s at most. */
  private static final long COUNTED_BYTES = 32L << 20;

  private final RunFolder folder;
  private final TimeLimits limits;
  private final PhaseOutput output;
  private final FolderFingerprint changes;
  private Duration phaseStart = Duration.ZERO;
  private Duration lastChange = Duration.ZERO;

  PhaseWatchdog(RunFolder folder, TimeLimits limits, PhaseOutput output) {
    this.folder = folder;
    this.limits = limits;
    this.output = output;
    this.changes = new FolderFingerprint(folder.path());
  }

  @Override
  public Optional<String> overdue(Duration running) {
    if (RegularFiles.isAbsent(folder.path())) {
      return Optional.of("its folder was deleted or moved while it ran: " + folder.path());
    }
    readNewOutput(running);
    Optional<RunPhase> phase = output.phase();
    return phase
        .flatMap(current -> phaseLimitPassed(current, running))
        .or(() -> overallLimitPassed(running))
        .or(() -> noProgress(phase, running))
        .map(reason -> "timed out " + position() + ": " + reason);
  }

  private void readNewOutput(Duration running) {
    Optional<RunPhase> before = output.phase();
    output.read();
    // Start-up begins with the process, before the first line.
    if (!output.phase().equals(before) && output.phase().get() != RunPhase.START_UP) {
      phaseStart = running;
    }
  }

  private Optional<String> phaseLimitPassed(RunPhase phase, Duration running) {
    Duration limit = limits.phases().get(phase);
    return passed(limit, running.minus(phaseStart))
        ? Optional.of("its limit of " + Durations.format(limit) + " passed")
        : Optional.empty();
  }

  private Optional<String> overallLimitPassed(Duration running) {
    return passed(limits.overall().limit(), running)
        ? Optional.of(limits.overall().message() + " passed")
        : Optional.empty();
  }

  private Optional<String> noProgress(Optional<RunPhase> phase, Duration running) {
    if (!phase.map(RunPhase::mustShowProgress).orElse(true)) {
      return Optional.empty();
    }
    if (changes.changed()) {
      lastChange = running;
    }
    boolean hangs =
        passed(limits.noProgress(), running.minus(lastChange))
            && (phase.isPresent() || wroteNothing());
    return hangs
        ? Optional.of(
            "nothing new in any of its files for "
                + Durations.format(limits.noProgress())
                + " (no_progress)")
        : Optional.empty();
  }

  /** Whether aiperf wrote nothing; if it did but the phase is unknown, it may be in any phase. */
  private boolean wroteNothing() {
    return folder.stdout().toFile().length() == 0
        && folder.stderr().toFile().length() == 0
        && !folder.hasArtifacts();
  }

  private String position() {
    return output
        .phase()
        .map(phase -> "in the " + phase.label() + " phase" + requestsDone(phase))
        .orElse("before its first phase line");
  }

  private String requestsDone(RunPhase phase) {
    return switch (phase) {
      case WARM_UP -> ", " + requestsDone(requestLog().warmupRequests());
      case MEASURING -> ", " + requestsDone(requestLog().measuredRequests());
      case START_UP, EXPORT -> "";
    };
  }

  private String requestsDone(long requests) {
    boolean allCounted = folder.requests().toFile().length() <= COUNTED_BYTES;
    String of = output.targetRequests() > 0 ? " of " + OneLine.count(output.targetRequests()) : "";
    return (allCounted ? "" : "more than ") + OneLine.count(requests) + of + " requests done";
  }

  private RequestLog requestLog() {
    return RequestLog.read(folder.requests(), COUNTED_BYTES);
  }

  private static boolean passed(Duration limit, Duration elapsed) {
    return elapsed.compareTo(limit) >= 0;
  }
}
