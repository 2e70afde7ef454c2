package dev.caravan.pipeline.outcome;

import dev.caravan.model.Cause;
import dev.caravan.model.Outcome;
import java.util.List;
import java.util.stream.Stream;

/** Creates verdicts, with each reason on one line of bounded length. */
final class Verdicts {

  private static final int MAX_LENGTH = 500;

  private Verdicts() {}

  static Verdict failed(Cause cause, List<String> reasons) {
    return verdict(Outcome.FAILED, cause.value(), reasons);
  }

  static Verdict degraded(List<String> reasons) {
    return verdict(Outcome.DEGRADED, "", reasons);
  }

  /** A success, with what aiperf nevertheless warns of. */
  static Verdict succeeded(List<String> warnings) {
    return verdict(Outcome.SUCCEEDED, "", warnings);
  }

  private static Verdict verdict(Outcome outcome, String cause, List<String> reasons) {
    return new Verdict(
        outcome, cause, reasons.stream().map(r -> OneLine.line(r, MAX_LENGTH)).toList());
  }

  /** The reasons that are not blank, in this order. */
  static List<String> reasons(String... reasons) {
    return Stream.of(reasons).filter(reason -> !reason.isBlank()).toList();
  }

  /** A headline and further reasons, without blank ones. */
  static List<String> reasons(String headline, List<String> more) {
    return Stream.concat(Stream.of(headline), more.stream())
        .filter(reason -> !reason.isBlank())
        .toList();
  }
}
