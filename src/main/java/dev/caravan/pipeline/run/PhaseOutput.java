package dev.caravan.pipeline.run;

import dev.caravan.pipeline.environment.Moment;
import dev.caravan.pipeline.environment.PhaseMark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Follows the phases of a run in what aiperf prints, and notes when it saw each of them begin and
 * end. Not thread-safe.
 */
final class PhaseOutput {

  private static final int MAX_CHUNKS = 16;

  /** Far more than a run has; a service could make aiperf print such lines. */
  private static final int MAX_MARKS = 100;

  private final FollowedFile stdout;
  private final PhaseParser parser = new PhaseParser();
  private final List<PhaseMark> marks = new ArrayList<>();
  private double lookedAt = Moment.monotonicNow();

  PhaseOutput(Path stdout) {
    this.stdout = new FollowedFile(stdout);
  }

  /** Reads what is new. */
  void read() {
    double before = lookedAt;
    lookedAt = Moment.monotonicNow();
    List<String> found = new ArrayList<>();
    for (int i = 0; i < MAX_CHUNKS && (i == 0 || stdout.hasMore()); i++) {
      stdout.newLines().filter(parser::read).forEach(found::add);
    }
    if (!found.isEmpty() && marks.size() + found.size() <= MAX_MARKS) {
      Moment now = Moment.now();
      found.forEach(line -> marks.add(new PhaseMark(line, now, before)));
    }
  }

  /** The current phase; empty before the first line about one. */
  Optional<RunPhase> phase() {
    return parser.phase();
  }

  /** Number of requests that this phase is to make; 0 when it is limited by time. */
  long targetRequests() {
    return parser.targetRequests();
  }

  /** The lines about phases so far. */
  List<PhaseMark> marks() {
    return List.copyOf(marks);
  }
}
