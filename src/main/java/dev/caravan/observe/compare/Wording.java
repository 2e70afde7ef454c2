package dev.caravan.observe.compare;

import dev.caravan.analysis.Comparison;
import dev.caravan.analysis.Difference;
import dev.caravan.analysis.RepeatsNeeded;
import dev.caravan.analysis.Side;
import dev.caravan.observe.report.ComparisonResult.Unlike;
import dev.caravan.observe.report.ReportMetric;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The sentence of a comparison, the same in all outputs. */
final class Wording {

  private static final int MAX_LISTED = 3;

  private final String base;
  private final String candidate;
  private final Map<String, String> labels;

  /**
   * Words for these sides.
   *
   * @param labels point to its words
   */
  Wording(String base, String candidate, Map<String, String> labels) {
    this.base = base;
    this.candidate = candidate;
    this.labels = labels;
  }

  /** The sentence that the sides are not comparable. */
  String refused(List<Unlike> unlike) {
    List<String> texts = unlike.stream().filter(each -> !each.allowed()).map(Unlike::text).toList();
    int more = texts.size() - MAX_LISTED;
    String listed = texts.stream().limit(MAX_LISTED).collect(Collectors.joining("; "));
    return refused(
        listed + (more > 0 ? "; " + more + " more" : "") + "; --allow KEY,… compares them anyway");
  }

  /** The sentence that nothing was compared, with the reason. */
  String refused(String why) {
    return "REFUSED " + candidate + " vs. " + base + ": " + why;
  }

  /** The verdict, with the keys in which the sides differ all the same. */
  String verdict(Comparison comparison, List<Unlike> allowed) {
    String sentence =
        switch (comparison.verdict()) {
          case FAIL -> "FAIL " + candidate + ": " + regressions(comparison) + vs();
          case PASS -> "PASS " + candidate + ": " + changes(comparison) + vs();
          case INCONCLUSIVE ->
              "INCONCLUSIVE "
                  + candidate
                  + ": "
                  + comparison
                      .obstacle()
                      .filter(each -> comparison.gaps().isEmpty() || each.isSuspicious())
                      .map(this::obstacle)
                      .orElseGet(() -> gap(comparison.gaps()));
          default -> single(comparison) + ": no verdict on " + candidate + vs();
        };
    return allowed.isEmpty()
        ? sentence
        : sentence
            + " (allowed to differ: "
            + allowed.stream().map(Unlike::key).distinct().collect(Collectors.joining(", "))
            + ")";
  }

  private String vs() {
    return " vs. " + base;
  }

  private static String single(Comparison comparison) {
    boolean isOneEach =
        comparison.points().stream()
            .allMatch(each -> each.base().size() == 1 && each.candidate().size() == 1);
    return isOneEach ? "one run each" : "no point with repeats on both sides";
  }

  private String regressions(Comparison comparison) {
    Difference worst = comparison.worst().orElseThrow();
    long more =
        Stream.concat(comparison.overall().stream(), comparison.points().stream())
                .filter(Difference::isRegression)
                .count()
            - 1;
    return change(worst) + at(worst) + (more > 0 ? " and " + more + " more" : "");
  }

  /** The changes over all points, or at the only one. */
  private static String changes(Comparison comparison) {
    List<Difference> all =
        comparison.overall().isEmpty() ? comparison.points() : comparison.overall();
    int more = all.size() - MAX_LISTED;
    return all.stream().limit(MAX_LISTED).map(Wording::change).collect(Collectors.joining(", "))
        + (more > 0 ? " and " + more + " more" : "");
  }

  private String gap(List<String> gaps) {
    String more = gaps.size() > 1 ? " and " + (gaps.size() - 1) + " more" : "";
    return "one side has no " + gaps.get(0) + more + vs();
  }

  private String obstacle(Difference open) {
    if (!open.isTestable()) {
      return "too few runs" + at(open) + vs();
    }
    return change(open) + interval(open) + at(open) + vs() + "; " + advice(open);
  }

  private static String advice(Difference open) {
    RepeatsNeeded needed = open.repeatsNeeded();
    if (needed instanceof RepeatsNeeded.Hidden) {
      return "no number of repeats can show a change of "
          + percent(open.metric().tolerance(), false)
          + " with this noise between batches";
    }
    if (needed instanceof RepeatsNeeded.MoreThan most) {
      return String.format(
          Locale.ROOT,
          "more than %,d repeats are needed, because they vary so much",
          most.repeats());
    }
    if (needed instanceof RepeatsNeeded.About about
        && about.repeats() > Math.max(repeats(open.base()), repeats(open.candidate()))) {
      return "about " + about.repeats() + " repeats are needed";
    }
    return open.isSuspicious()
        ? String.format(
            Locale.ROOT,
            "too likely a regression to PASS, but FAIL needs p < %s (%.3f); more repeats are"
                + " needed",
            Difference.ALPHA,
            open.probability())
        : "noise does not rule out "
            + percent(open.metric().tolerance(), false)
            + "; more repeats narrow the interval";
  }

  private static int repeats(Side side) {
    return side.size() / Math.max(1, side.batches());
  }

  private static String interval(Difference difference) {
    return " ["
        + percent(difference.lowestChange(), true)
        + ", "
        + percent(difference.highestChange(), true)
        + "]";
  }

  private String at(Difference difference) {
    String point = difference.point().map(each -> labels.getOrDefault(each, each)).orElse("");
    return difference.isOverall() ? " over all points" : point.isEmpty() ? "" : " at " + point;
  }

  /** Such as {@code output tokens/s −6.1 %}. */
  private static String change(Difference difference) {
    String label =
        ReportMetric.of(difference.metric().name())
            .map(ReportMetric::label)
            .orElse(difference.metric().name());
    boolean isWord = label.length() > 1 && Character.isLowerCase(label.charAt(1));
    String name = isWord ? Character.toLowerCase(label.charAt(0)) + label.substring(1) : label;
    return name + " " + percent(difference.change(), true);
  }

  private static String percent(double fraction, boolean signed) {
    double tenths = Math.rint(1000 * fraction) / 10;
    String number = String.format(Locale.ROOT, signed ? "%+.1f %%" : "%.1f %%", tenths + 0.0);
    return number.replace('-', '−').replace(".0 %", signed ? ".0 %" : " %");
  }
}
