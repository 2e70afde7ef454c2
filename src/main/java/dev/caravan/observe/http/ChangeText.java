package dev.caravan.observe.http;

import dev.caravan.observe.report.BatchFigures;
import dev.caravan.observe.report.Change;
import dev.caravan.observe.report.NameTrend;
import java.util.Locale;
import java.util.Optional;

/** How a batch compares with earlier ones, in words. */
final class ChangeText {

  private ChangeText() {}

  /** The throughput, such as {@code 15.2 % slower than usual}. */
  static String throughput(NameTrend trend) {
    if (trend.hasLostBounds()) {
      return "no point meets the SLO any more";
    }
    return trend
        .throughput()
        .map(change -> words(change, "", "faster", "slower"))
        .orElseGet(() -> none(trend));
  }

  /** The latency, such as {@code TTFT p50 20.1 % longer than usual}; empty if not known. */
  static String latency(NameTrend trend) {
    String label = trend.newest().figures().map(BatchFigures::latencyLabel).orElse("");
    return trend
        .latency()
        .map(change -> words(change, label + " ", "longer", "shorter"))
        .orElse("");
  }

  private static String none(NameTrend trend) {
    Optional<BatchFigures> own = trend.newest().figures();
    if (own.isEmpty() || own.get().throughput().isEmpty()) {
      return own.filter(BatchFigures::isBounded)
          .map(each -> each.mayKeepBounds() ? "no undisturbed point" : "no point")
          .map(point -> point + " meets the SLO")
          .orElse("no throughput measured");
    }
    if (own.get().lacksPoints()) {
      return "not compared: degraded runs are left out";
    }
    if (trend.hasOtherWarnings()) {
      return "not compared: earlier batches have other warnings";
    }
    return trend.batches().size() == 1
        ? "the first batch of this name"
        : "the first batch of this work";
  }

  private static String words(Change change, String what, String more, String less) {
    double fraction = change.fraction();
    return switch (change.kind()) {
      case AS_USUAL -> what + "as usual (" + signed(fraction) + ")";
      case UNKNOWN ->
          what
              + signed(fraction)
              + " vs. "
              + (change.batches() == 1 ? "the previous one" : change.batches() + " earlier")
              + ": too few to judge";
      case WORSE, BETTER ->
          what + percent(Math.abs(fraction)) + " " + (fraction > 0 ? more : less) + " than usual";
    };
  }

  private static String signed(double fraction) {
    String text = percent(Math.abs(fraction));
    return text.startsWith("0.0 ") ? text : (fraction < 0 ? "−" : "+") + text;
  }

  private static String percent(double fraction) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * fraction);
  }
}
