package dev.caravan.pipeline.run;

import dev.caravan.config.Retry;
import dev.caravan.model.Cause;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Decides whether an attempt is followed by another, from the config's rule and the attempts that
 * the tree holds. Attempts that were lost through no fault of the run are not counted, but too many
 * of them in a row are: the run may be what kills us.
 */
final class RetryPolicy {

  private static final Set<String> NOT_COUNTED =
      Set.of(Cause.LOST.value(), Cause.TARGET_LOST.value());
  private static final int MOST_DOUBLINGS = 10;

  private final AttemptArchive attempts;
  private final ControlStore controls;
  private final int maxLost;

  RetryPolicy(AttemptArchive attempts, ControlStore controls, int maxLost) {
    this.attempts = attempts;
    this.controls = controls;
    this.maxLost = maxLost;
  }

  /** How long to wait for the next attempt; empty when this one, of that number, was the last. */
  Optional<Duration> after(Run run, Verdict verdict, int number) throws IOException {
    if (verdict.outcome().counts() != Outcome.Counts.FAILED) {
      return Optional.empty();
    }
    List<Head> earlier = earlier(run, number);
    if (NOT_COUNTED.contains(verdict.cause())) {
      return lostInARow(earlier) + 1 < maxLost ? Optional.of(Duration.ZERO) : Optional.empty();
    }
    Retry retry = run.batch().config().retry();
    int counted = (int) earlier.stream().filter(RetryPolicy::counts).count() + 1;
    String word = verdict.cause().isEmpty() ? verdict.outcome().value() : verdict.cause();
    return retry.retries(word, counted)
        ? Optional.of(retry.backoff().multipliedBy(1L << Math.min(counted - 1, MOST_DOUBLINGS)))
        : Optional.empty();
  }

  /** Words when so many attempts in a row were lost that the run should not be tried again. */
  Optional<String> lostTooOften(Run run, int nextNumber) throws IOException {
    List<Head> earlier = earlier(run, nextNumber);
    int lost = lostInARow(earlier);
    return lost < maxLost
        ? Optional.empty()
        : Optional.of("lost " + lost + " times in a row, " + last(earlier));
  }

  private static String last(List<Head> earlier) {
    Head last = earlier.get(earlier.size() - 1);
    return "the last time: " + last.reasons().stream().findFirst().orElse(last.cause());
  }

  private static int lostInARow(List<Head> earlier) {
    int lost = 0;
    for (int i = earlier.size() - 1; i >= 0; i--) {
      if (!NOT_COUNTED.contains(earlier.get(i).cause())) {
        return lost;
      }
      lost++;
    }
    return lost;
  }

  private static boolean counts(Head head) {
    return head.status().counts() == Outcome.Counts.FAILED && !NOT_COUNTED.contains(head.cause());
  }

  /** The earlier attempts; when a person ordered the run again, only those since then. */
  private List<Head> earlier(Run run, int number) throws IOException {
    int first = controls.of(run.batch()).rerunAfter(run.index()) + 1;
    return IntStream.range(first, number)
        .mapToObj(n -> ProcessResult.head(attempts.result(run.folder(), n)))
        .flatMap(Optional::stream)
        .toList();
  }
}
