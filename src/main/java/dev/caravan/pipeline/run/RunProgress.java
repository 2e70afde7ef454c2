package dev.caravan.pipeline.run;

import dev.caravan.storage.RunFolder;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Follows the progress of a run in aiperf's own growing files. Each call reads only what was
 * written since the last one, at most a few MiB, so that it does not disturb the measurement. Not
 * thread-safe.
 */
public final class RunProgress {

  private static final int MAX_CHUNKS = 4;

  /** As aiperf writes it, without spaces. */
  private static final String WARMUP = "\"benchmark_phase\":\"warmup\"";

  private static final String ERROR = "\"error\":{";

  /**
   * The progress of a run.
   *
   * @param phase {@code start-up}, {@code warm-up}, {@code measuring}, {@code export}, or {@code
   *     waiting} before aiperf's first line
   * @param target number of requests that the phase is to make; 0 when it is limited by time
   * @param warmup completed requests of the warm-up
   * @param measured completed requests of the measured phase, including failed ones
   * @param errors failed requests of the measured phase
   */
  public record Reading(String phase, long target, long warmup, long measured, long errors) {}

  private final FollowedFile stdout;
  private final FollowedFile requests;
  private final PhaseParser parser = new PhaseParser();
  private long warmup;
  private long measured;
  private long errors;

  /** The progress of the run in this folder. */
  public RunProgress(Path runFolder) {
    RunFolder folder = new RunFolder(runFolder);
    this.stdout = new FollowedFile(folder.stdout());
    this.requests = new FollowedFile(folder.requests());
  }

  /** Reads the current progress. */
  public Reading read() {
    for (int i = 0; i < MAX_CHUNKS && (i == 0 || stdout.hasMore()); i++) {
      stdout.newLines().forEach(parser::read);
    }
    for (int i = 0; i < MAX_CHUNKS && (i == 0 || requests.hasMore()); i++) {
      requests.newLines().forEach(this::count);
    }
    Optional<RunPhase> phase = parser.phase();
    return new Reading(
        phase.map(RunPhase::label).orElse("waiting"),
        parser.targetRequests(),
        warmup,
        measured,
        errors);
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
