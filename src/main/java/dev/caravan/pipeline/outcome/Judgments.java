package dev.caravan.pipeline.outcome;

import dev.caravan.model.Cause;
import dev.caravan.model.Outcome;
import java.util.List;
import java.util.stream.Stream;

/** Creates judgments, with each reason on one line of bounded length. */
final class Judgments {

  private static final int MAX_LENGTH = 500;

  private Judgments() {}

  static Judgment failed(Cause cause, List<String> reasons) {
    return judgment(Outcome.FAILED, cause.value(), reasons);
  }

  static Judgment degraded(List<String> reasons) {
    return judgment(Outcome.DEGRADED, "", reasons);
  }

  /** A success, with what aiperf nevertheless warns of. */
  static Judgment succeeded(List<String> warnings) {
    return judgment(Outcome.SUCCEEDED, "", warnings);
  }

  private static Judgment judgment(Outcome outcome, String cause, List<String> reasons) {
    return new Judgment(
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
