package dev.caravan.pipeline.outcome;

import dev.caravan.analysis.LoadSearch;
import dev.caravan.analysis.PooledSpread;
import dev.caravan.config.Slo;
import dev.caravan.model.plan.LoadAnswer;
import dev.caravan.model.plan.RunEnding;
import dev.caravan.model.plan.SearchPlan;
import dev.caravan.model.plan.Sweep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads what a search knows from the rows of its runs. */
public final class SearchReading {

  private final Sweep sweep;
  private final SearchPlan plan;
  private final List<Slo> bounds;
  private final SearchEndings endings;
  private final NavigableMap<Integer, List<ResultRow>> rowsBySearch = new TreeMap<>();
  private final List<LoadAnswer> answers;

  private SearchReading(
      Sweep sweep,
      SearchPlan plan,
      List<Slo> bounds,
      Collection<ResultRow> rows,
      Collection<Integer> unwritten) {
    this.sweep = sweep;
    this.plan = plan;
    this.bounds = bounds;
    this.endings = new SearchEndings(bounds);
    NavigableMap<Integer, RunEnding> ended = new TreeMap<>();
    rows.forEach(row -> ended.put(row.runIndex(), endings.of(row)));
    unwritten.forEach(
        index ->
            ended.put(index, new RunEnding.Unanswered("its result could not be written or read")));
    this.answers = plan.answers(ended);
    rows.forEach(
        row ->
            rowsBySearch
                .computeIfAbsent(plan.firstOf(row.runIndex()), first -> new ArrayList<>())
                .add(row));
  }

  /**
   * What the search of a batch knows; empty without a search.
   *
   * @param rows the rows of the runs that have ended
   * @param unwritten indexes of runs that ended without a row
   */
  public static Optional<SearchReading> of(
      Sweep sweep, List<Slo> bounds, Collection<ResultRow> rows, Collection<Integer> unwritten) {
    return sweep.search().map(plan -> new SearchReading(sweep, plan, bounds, rows, unwritten));
  }

  /** The next run, by index; empty when every search is over. */
  public OptionalInt next() {
    return SearchPlan.next(answers);
  }

  /** The most runs that there can be; their number once every search is over. */
  public int most() {
    return SearchPlan.most(answers);
  }

  /** The answers, for {@code summary.json}. */
  public SearchSummary summary() {
    List<SearchSummary.Answer> found =
        answers.stream().limit(SearchSummary.MAX_ANSWERS).map(this::answer).toList();
    int ended = answers.stream().mapToInt(LoadAnswer::runs).sum();
    String key = plan.search().key();
    return new SearchSummary(
        key,
        plan.search().precision(),
        sweep.runs(),
        sweep.runs() - ended,
        SearchText.brief(key, found),
        first(each -> !each.isOver()).orElse(""),
        first(each -> !(each.state() instanceof LoadAnswer.Found)),
        found);
  }

  /** The first of all answers, not only of those that are listed, in words. */
  private Optional<String> first(Predicate<LoadAnswer> which) {
    return answers.stream().filter(which).findFirst().map(each -> answer(each).text());
  }

  private SearchSummary.Answer answer(LoadAnswer answer) {
    Map<String, Object> at = new LinkedHashMap<>(sweep.values(answer.first()));
    at.remove(plan.search().key());
    LoadSearch.Found known = known(answer);
    SearchSummary.Answer found =
        new SearchSummary.Answer(
            sweep.place(answer.first()).variant(),
            at,
            load(known.kept()),
            load(known.missed()),
            why(answer),
            "",
            loads(answer));
    return found.with(new SearchText(plan.search().key(), bounds, found).sentence(detail(answer)));
  }

  private Optional<Object> load(OptionalInt position) {
    return position.isPresent()
        ? Optional.of(plan.search().loads().get(position.getAsInt()))
        : Optional.empty();
  }

  /** The answer, or what is known without one. */
  private static LoadSearch.Found known(LoadAnswer answer) {
    return answer.state() instanceof LoadAnswer.Found found
        ? found.found()
        : new LoadSearch.Found(
            answer.seen().highestKept(), answer.seen().lowestMissed(), LoadSearch.Why.LIMIT);
  }

  private static String why(LoadAnswer answer) {
    if (answer.state() instanceof LoadAnswer.Found found) {
      return found.found().why().name().toLowerCase(Locale.ROOT);
    }
    if (answer.state() instanceof LoadAnswer.Cancelled) {
      return SearchSummary.CANCELLED;
    }
    return answer.isOver() ? SearchSummary.NO_ANSWER : SearchSummary.OPEN;
  }

  /** What stopped a search, and where; how far it is while it goes on. */
  private String detail(LoadAnswer answer) {
    if (answer.state() instanceof LoadAnswer.NoAnswer none) {
      return stopped(none.load(), none.why());
    }
    return answer.state() instanceof LoadAnswer.Cancelled cancelled
        ? stopped(cancelled.load(), cancelled.why())
        : answer.runs() + " of at most " + answer.most() + " runs";
  }

  private String stopped(int load, String why) {
    return plan.search().loads().get(load) + ": " + why;
  }

  private List<SearchSummary.Load> loads(LoadAnswer answer) {
    Map<Integer, List<ResultRow>> byLoad =
        rowsBySearch.getOrDefault(answer.first(), List.of()).stream()
            .filter(row -> endings.of(row) instanceof RunEnding.Measured)
            .collect(
                Collectors.groupingBy(
                    row -> plan.position(row.runIndex()), TreeMap::new, Collectors.toList()));
    Map<String, PooledSpread> spreads = new HashMap<>();
    for (Slo bound : bounds) {
      Stream<double[]> values = byLoad.values().stream().map(rows -> judged(rows, bound));
      spreads.put(bound.metric(), PooledSpread.of(values.toList()));
    }
    return byLoad.entrySet().stream()
        .map(each -> load(plan.search().loads().get(each.getKey()), each.getValue(), spreads))
        .toList();
  }

  /** The values of a metric in the runs that are judged by their numbers. */
  private double[] judged(List<ResultRow> rows, Slo bound) {
    return rows.stream()
        .filter(endings::isJudgedByNumbers)
        .flatMapToDouble(row -> row.metric(bound.metric()).stream())
        .toArray();
  }

  private SearchSummary.Load load(
      Object load, List<ResultRow> rows, Map<String, PooledSpread> spreads) {
    List<ResultRow> judged = rows.stream().filter(endings::isJudgedByNumbers).toList();
    Map<String, SearchSummary.Mean> values = new LinkedHashMap<>();
    for (Slo bound : bounds) {
      mean(judged(rows, bound), spreads.get(bound.metric()))
          .ifPresent(mean -> values.put(bound.metric(), mean));
    }
    long kept =
        judged.stream()
            .filter(row -> SloResult.of(bounds, row).state() == SloResult.State.KEPT)
            .count();
    String failure =
        rows.stream()
            .filter(row -> !endings.isJudgedByNumbers(row))
            .map(SearchEndings::words)
            .findFirst()
            .orElse("");
    return new SearchSummary.Load(load, rows.size(), (int) kept, values, failure);
  }

  /** A geometric mean; the plain one, without an interval, when a value is 0. */
  private static Optional<SearchSummary.Mean> mean(double[] values, PooledSpread spread) {
    OptionalDouble plain = Arrays.stream(values).average();
    if (plain.isEmpty()) {
      return Optional.empty();
    }
    if (Arrays.stream(values).anyMatch(value -> value <= 0)) {
      return Optional.of(
          new SearchSummary.Mean(plain.getAsDouble(), Optional.empty(), Optional.empty()));
    }
    double mean = Math.exp(Arrays.stream(values).map(Math::log).average().orElseThrow());
    Optional<Double> factor =
        spread.halfWidth(values.length).stream().mapToObj(Math::exp).findFirst();
    return Optional.of(
        new SearchSummary.Mean(mean, factor.map(f -> mean / f), factor.map(f -> mean * f)));
  }
}
