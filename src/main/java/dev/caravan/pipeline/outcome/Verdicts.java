package dev.caravan.pipeline.outcome;

import dev.caravan.model.Cause;
import dev.caravan.model.Outcome;
import java.util.List;
import java.util.stream.Stream;

/** Makes verdicts. */
final class Verdicts {

  private static final int LONGEST = 500;

  private Verdicts() {}

  static Verdict failed(Cause cause, List<String> reasons) {
    return new Verdict(
        Outcome.FAILED,
        cause.value(),
        reasons.stream().map(r -> OneLine.line(r, LONGEST)).toList());
  }

  static Verdict degraded(List<String> reasons) {
    return new Verdict(
        Outcome.DEGRADED, "", reasons.stream().map(r -> OneLine.line(r, LONGEST)).toList());
  }

  static Verdict succeeded() {
    return new Verdict(Outcome.SUCCEEDED, "", List.of());
  }

  /** Those of these reasons that say something, in this order. */
  static List<String> reasons(String... message) {
    return Stream.of(message).filter(w -> !w.isBlank()).toList();
  }

  /** A headline, then more. */
  static List<String> reasons(String headline, List<String> more) {
    return Stream.concat(Stream.of(headline), more.stream()).filter(w -> !w.isBlank()).toList();
  }
}
