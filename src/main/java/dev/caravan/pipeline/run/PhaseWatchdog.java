package dev.caravan.pipeline.run;

import dev.caravan.config.text.Durations;
import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.pipeline.outcome.RequestLog;
import dev.caravan.pipeline.process.Watchdog;
import dev.caravan.storage.RunFolder;
import java.time.Duration;
import java.util.Optional;

/**
 * Watches one aiperf by what it prints and writes: each phase has its limit, the whole run has one,
 * and in start-up and export silence counts as death. Nothing is read of its request log until a
 * limit has passed, so that watching costs the measured phase next to nothing.
 */
final class PhaseWatchdog implements Watchdog {

  /** Of this much of the request log the requests are counted, which takes 0.2 s at most. */
  private static final long COUNTED_BYTES = 32L << 20;

  private static final int CHUNKS_PER_LOOK = 16;

  private final RunFolder folder;
  private final TimeLimits limits;
  private final FollowedFile stdout;
  private final FolderFingerprint changes;
  private final PhaseParser lines = new PhaseParser();
  private Duration entered = Duration.ZERO;
  private Duration alive = Duration.ZERO;

  PhaseWatchdog(RunFolder folder, TimeLimits limits) {
    this.folder = folder;
    this.limits = limits;
    this.stdout = new FollowedFile(folder.stdout());
    this.changes = new FolderFingerprint(folder.path());
  }

  @Override
  public Optional<String> overdue(Duration running) {
    readOn(running);
    Optional<RunPhase> phase = lines.phase();
    return phase
        .flatMap(now -> inPhase(now, running))
        .or(() -> inAll(running))
        .or(() -> silent(phase, running))
        .map(limit -> "timed out " + where() + ": " + limit);
  }

  private void readOn(Duration running) {
    Optional<RunPhase> before = lines.phase();
    stdout.newLines().forEach(lines::take);
    for (int i = 1; i < CHUNKS_PER_LOOK && stdout.hasMore(); i++) {
      stdout.newLines().forEach(lines::take);
    }
    // Start-up began with the process, before its first line.
    if (!lines.phase().equals(before) && lines.phase().get() != RunPhase.START_UP) {
      entered = running;
    }
  }

  private Optional<String> inPhase(RunPhase phase, Duration running) {
    Duration limit = limits.phases().get(phase);
    return passed(limit, running.minus(entered))
        ? Optional.of("its limit of " + Durations.text(limit) + " passed")
        : Optional.empty();
  }

  private Optional<String> inAll(Duration running) {
    return passed(limits.whole().limit(), running)
        ? Optional.of(limits.whole().message() + " passed")
        : Optional.empty();
  }

  private Optional<String> silent(Optional<RunPhase> phase, Duration running) {
    if (!phase.map(RunPhase::silenceIsDeath).orElse(true)) {
      return Optional.empty();
    }
    if (changes.changed()) {
      alive = running;
    }
    boolean dead =
        passed(limits.noProgress(), running.minus(alive)) && (phase.isPresent() || wroteNothing());
    return dead
        ? Optional.of(
            "nothing new in any of its files for "
                + Durations.text(limits.noProgress())
                + " (no_progress)")
        : Optional.empty();
  }

  /** Else it is an aiperf whose phases are not known, which may be in any of them. */
  private boolean wroteNothing() {
    return folder.stdout().toFile().length() == 0
        && folder.stderr().toFile().length() == 0
        && !folder.hasArtifacts();
  }

  private String where() {
    return lines
        .phase()
        .map(phase -> "in " + phase.message() + done(phase))
        .orElse("before its first phase line");
  }

  private String done(RunPhase phase) {
    return switch (phase) {
      case WARM_UP -> ", " + done(requests().warmupRequests());
      case MEASURING -> ", " + done(requests().measuredRequests());
      case START_UP, EXPORT -> "";
    };
  }

  private String done(long requests) {
    boolean all = folder.requests().toFile().length() <= COUNTED_BYTES;
    String of = lines.target() > 0 ? " of " + OneLine.count(lines.target()) : "";
    return (all ? "" : "more than ") + OneLine.count(requests) + of + " requests done";
  }

  private RequestLog requests() {
    return RequestLog.read(folder.requests(), COUNTED_BYTES);
  }

  private static boolean passed(Duration limit, Duration taken) {
    return taken.compareTo(limit) >= 0;
  }
}
