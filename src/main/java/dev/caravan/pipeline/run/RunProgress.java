package dev.caravan.pipeline.run;

import dev.caravan.storage.RunFolder;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a run is that goes on, from aiperf's own growing files: each look reads only what came
 * since the last one, at most a few MiB, so that the measured phase does not feel it. Not
 * threadsafe.
 */
public final class RunProgress {

  private static final int CHUNKS_PER_LOOK = 4;

  /** How aiperf writes it, without blanks. */
  private static final String WARMUP = "\"benchmark_phase\":\"warmup\"";

  private static final String ERROR = "\"error\":{";

  /**
   * What a look found.
   *
   * @param phase {@code start-up}, {@code warm-up}, {@code measuring}, {@code export}, or {@code
   *     waiting} before aiperf said anything
   * @param target requests that the phase is to make; 0 when it goes by time
   * @param warmup requests of the warm-up that have ended
   * @param measured requests of the measured phase that have ended, failed ones among them
   * @param errors requests of the measured phase that failed
   */
  public record Reading(String phase, long target, long warmup, long measured, long errors) {}

  private final FollowedFile stdout;
  private final FollowedFile requests;
  private final PhaseParser lines = new PhaseParser();
  private long warmup;
  private long measured;
  private long errors;

  /** A gauge of the run in this folder. */
  public RunProgress(Path runFolder) {
    RunFolder folder = new RunFolder(runFolder);
    this.stdout = new FollowedFile(folder.stdout());
    this.requests = new FollowedFile(folder.requests());
  }

  /** Where the run is now. */
  public Reading look() {
    for (int i = 0; i < CHUNKS_PER_LOOK && (i == 0 || stdout.hasMore()); i++) {
      stdout.newLines().forEach(lines::take);
    }
    for (int i = 0; i < CHUNKS_PER_LOOK && (i == 0 || requests.hasMore()); i++) {
      requests.newLines().forEach(this::count);
    }
    Optional<RunPhase> phase = lines.phase();
    return new Reading(
        phase.map(RunPhase::message).orElse("waiting"), lines.target(), warmup, measured, errors);
  }

  private void count(String line) {
    if (line.contains(WARMUP)) {
      warmup++;
    } else {
      measured++;
      errors += line.contains(ERROR) ? 1 : 0;
    }
  }
}
