package dev.caravan.pipeline.run;

import dev.caravan.config.Retry;
import dev.caravan.model.Cause;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.outcome.Judgment;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Decides whether a failed attempt is retried, from the config's {@code retry} section and the
 * earlier attempts in the results tree. Attempts that were lost, or lost their target, do not count
 * as retries. But a run that is lost too many times in a row is given up: it may be what kills
 * Caravan.
 */
final class RetryPolicy {

  private static final Set<String> NOT_COUNTED =
      Set.of(Cause.LOST.value(), Cause.TARGET_LOST.value());

  private final AttemptArchive attempts;
  private final ControlStore controls;
  private final int maxLost;
  private final Disturbances disturbances = new Disturbances();

  RetryPolicy(AttemptArchive attempts, ControlStore controls, int maxLost) {
    this.attempts = attempts;
    this.controls = controls;
    this.maxLost = maxLost;
  }

  int maxLost() {
    return maxLost;
  }

  /** The delay before the next attempt; empty when attempt {@code number} was the last. */
  Optional<Duration> delayAfter(Run run, Judgment judgment, int number) throws IOException {
    if (judgment.outcome().counts() != Outcome.Counts.FAILED) {
      return Optional.empty();
    }
    List<Head> earlier = earlier(run, number);
    if (NOT_COUNTED.contains(judgment.cause())) {
      return lostInARow(earlier) + 1 < maxLost ? Optional.of(Duration.ZERO) : Optional.empty();
    }
    Retry retry = run.batch().config().retry();
    boolean isDisturbed = Disturbances.isDisturbed(judgment);
    if (isDisturbed && !disturbances.isWorthAnotherAttempt(run, judgment, earlier)) {
      return Optional.empty();
    }
    int counted = (int) earlier.stream().filter(RetryPolicy::counts).count() + 1;
    return retry.retries(isDisturbed ? Retry.DISTURBED : reason(judgment), counted)
        ? Optional.of(retry.pauseAfter(counted))
        : Optional.empty();
  }

  private static String reason(Judgment judgment) {
    return judgment.cause().isEmpty() ? judgment.outcome().value() : judgment.cause();
  }

  /** A message when too many attempts in a row were lost for another retry; otherwise empty. */
  Optional<String> lostTooOften(Run run, int nextNumber) throws IOException {
    List<Head> earlier = earlier(run, nextNumber);
    int lost = lostInARow(earlier);
    return lost < maxLost
        ? Optional.empty()
        : Optional.of("lost " + lost + " times in a row; last reason: " + lastReason(earlier));
  }

  private static String lastReason(List<Head> earlier) {
    Head last = earlier.get(earlier.size() - 1);
    return last.reasons().stream().findFirst().orElse(last.cause());
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

  /** The earlier attempts; after a manual retry, only those since then. */
  private List<Head> earlier(Run run, int number) throws IOException {
    int first = controls.of(run.batch()).rerunAfter(run.index()) + 1;
    return IntStream.range(first, number)
        .mapToObj(n -> ProcessResult.head(attempts.result(run.folder(), n)))
        .flatMap(Optional::stream)
        .toList();
  }
}
