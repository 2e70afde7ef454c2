package dev.caravan.observe.http;

import dev.caravan.analysis.Verdict;
import dev.caravan.model.Outcome;
import dev.caravan.observe.report.BatchEntry;
import dev.caravan.observe.report.BatchFigures;
import dev.caravan.observe.report.Change;
import dev.caravan.observe.report.NameTrend;
import dev.caravan.observe.report.Rounding;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A batch name in the overview: its newest finished batch compared with the ones before.
 *
 * @param state whether the newest batch is good, bad, or not to be judged
 * @param href page of its trend
 * @param newest page of the newest batch
 * @param finished when that finished
 * @param best its best throughput, within the bounds if there are any
 * @param at the point that reaches it, and its number of requests
 * @param change the throughput beside the usual, in words
 * @param latency the latency beside the usual, in words
 * @param verdict the verdict when it was compared; empty if it was not
 * @param sentence the verdict in words
 * @param why what makes it bad or not to be judged; empty when it is good
 */
public record NameRow(
    State state,
    String name,
    String href,
    String newest,
    Optional<OffsetDateTime> finishedAt,
    String finished,
    String best,
    String at,
    Sparkline line,
    String change,
    String latency,
    String verdict,
    String sentence,
    String why) {

  private static final Set<String> NOT_FAILED =
      Set.of(Outcome.SUCCEEDED.value(), Outcome.DEGRADED.value(), Outcome.CANCELLED.value());

  private static final Set<String> UNDECIDED =
      Set.of(Verdict.INCONCLUSIVE.name(), Verdict.REFUSED.name(), Verdict.NONE.name());

  /** What the newest batch of a name looks like. */
  public enum State {
    BAD("⚠"),
    UNSURE("?"),
    GOOD("✓");

    private final String mark;

    State(String mark) {
      this.mark = mark;
    }

    /** The mark before a name. */
    public String mark() {
      return mark;
    }

    /** Its class in the style sheet. */
    public String kind() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static NameRow of(NameTrend trend) {
    BatchEntry newest = trend.newest();
    Optional<BatchFigures> figures = newest.figures();
    Optional<OffsetDateTime> finishedAt = time(newest.finishedAt());
    List<String> bad = bad(trend);
    List<String> unsure = unsure(trend);
    return new NameRow(
        !bad.isEmpty() ? State.BAD : !unsure.isEmpty() ? State.UNSURE : State.GOOD,
        trend.name(),
        RunLinks.trend(trend.name()),
        RunLinks.batch(newest.id()),
        finishedAt,
        DisplayTime.of(finishedAt),
        best(figures),
        figures.map(NameRow::at).orElse(""),
        Sparkline.of(trend),
        ChangeText.throughput(trend),
        ChangeText.latency(trend),
        newest.verdict(),
        newest.sentence(),
        String.join("; ", bad.isEmpty() ? unsure : bad));
  }

  private static String best(Optional<BatchFigures> figures) {
    return figures
        .filter(each -> each.throughput().isPresent())
        .map(each -> Rounding.of(each.throughput().getAsDouble()) + " " + each.unit())
        .orElse("–");
  }

  private static String at(BatchFigures figures) {
    return Stream.concat(
            Stream.of(figures.at()).filter(text -> !text.isEmpty()),
            figures.requests().stream().mapToObj(n -> "n = " + Math.round(n)))
        .collect(Collectors.joining(" · "));
  }

  private static List<String> bad(NameTrend trend) {
    BatchEntry newest = trend.newest();
    List<String> bad = new ArrayList<>();
    if (newest.verdict().equals(Verdict.FAIL.name())) {
      bad.add(newest.sentence());
    }
    if (trend.hasLostBounds()) {
      bad.add(ChangeText.throughput(trend));
    }
    trend
        .throughput()
        .filter(change -> change.kind() == Change.Kind.WORSE)
        .ifPresent(
            change ->
                bad.add(
                    ChangeText.throughput(trend)
                        + " ("
                        + best(newest.figures())
                        + ", usual "
                        + Rounding.of(change.usual())
                        + ")"));
    trend
        .latency()
        .filter(change -> change.kind() == Change.Kind.WORSE)
        .ifPresent(change -> bad.add(ChangeText.latency(trend)));
    newest.outcomes().entrySet().stream()
        .filter(each -> !NOT_FAILED.contains(each.getKey()))
        .forEach(each -> bad.add(each.getValue() + " " + each.getKey().replace('_', ' ')));
    return bad;
  }

  private static List<String> unsure(NameTrend trend) {
    BatchEntry newest = trend.newest();
    List<String> unsure = new ArrayList<>();
    if (newest.count(Outcome.DEGRADED) > 0) {
      unsure.add(newest.count(Outcome.DEGRADED) + " degraded" + disturbances(newest));
    }
    if (newest.count(Outcome.CANCELLED) > 0) {
      unsure.add(newest.count(Outcome.CANCELLED) + " cancelled");
    }
    if (!trend.newWarnings().isEmpty()) {
      unsure.add("new warning: " + String.join(", ", trend.newWarnings()));
    }
    if (UNDECIDED.contains(newest.verdict())) {
      unsure.add(newest.sentence());
    }
    boolean isKnown =
        trend.throughput().filter(each -> each.kind() != Change.Kind.UNKNOWN).isPresent();
    if (!isKnown && !newest.verdict().equals(Verdict.PASS.name())) {
      unsure.add(ChangeText.throughput(trend));
    }
    return unsure;
  }

  private static String disturbances(BatchEntry newest) {
    return newest
        .figures()
        .map(BatchFigures::disturbances)
        .filter(ids -> !ids.isEmpty())
        .map(ids -> " (" + String.join(", ", ids) + ")")
        .orElse("");
  }

  private static Optional<OffsetDateTime> time(String text) {
    try {
      return Optional.of(OffsetDateTime.parse(text));
    } catch (DateTimeException e) {
      return Optional.empty(); // never shown as a time
    }
  }
}
