package dev.caravan.model.plan;

import dev.caravan.analysis.LoadMeasurements;
import dev.caravan.analysis.LoadSearch;
import dev.caravan.config.Search;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which runs of a batch with a {@code search} are made. Every load can be run several times, and
 * each time has an index: so a run's parameters follow from its index, as in any batch. Which run
 * is next follows from how the others ended, in whatever order: a process that was killed goes on
 * where it was, and a run that is repeated is judged again without changing another.
 */
public final class SearchPlan {

  private final Sweep sweep;
  private final Search search;
  private final LoadSearch positions;

  /** Number of indexes of one search. */
  private final int span;

  SearchPlan(Sweep sweep, Search search) {
    this.sweep = sweep;
    this.search = search;
    this.positions = search.positions();
    this.span = search.indexes();
  }

  /** The search as the config has it. */
  public Search search() {
    return search;
  }

  /** The most runs of all searches that share this number of indexes. */
  int most(int indexes) {
    return indexes / span * positions.most();
  }

  /** What each search knows after these runs ended so, by index. */
  public List<LoadAnswer> answers(NavigableMap<Integer, RunEnding> endings) {
    return firsts()
        .mapToObj(first -> answer(first, endings.subMap(first, true, first + span, false)))
        .toList();
  }

  /** The first run that each search can make, by index. */
  IntStream firsts() {
    return IntStream.iterate(0, first -> first < sweep.indexEnd(), first -> first + span)
        .filter(first -> !sweep.isExcluded(first));
  }

  /**
   * For each of the last runs that there can be, the index of a run that differs from it in its
   * load only.
   *
   * @param runs number of these runs
   */
  public IntStream last(int runs) {
    int most = positions.most();
    int[] firsts = firsts().toArray();
    return IntStream.range(Math.max(0, firsts.length * most - runs), firsts.length * most)
        .map(at -> firsts[at / most]);
  }

  /** The next run, by index; empty when every search is over. */
  public static OptionalInt next(List<LoadAnswer> answers) {
    return answers.stream()
        .flatMap(each -> each.state() instanceof LoadAnswer.Open o ? Stream.of(o) : Stream.empty())
        .mapToInt(LoadAnswer.Open::next)
        .findFirst();
  }

  /** The most runs that there can be; their number once every search is over. */
  public static int most(List<LoadAnswer> answers) {
    return answers.stream().mapToInt(each -> each.isOver() ? each.runs() : each.most()).sum();
  }

  /** The index of the first run of the search that run {@code index} belongs to. */
  public int firstOf(int index) {
    return index - index % span;
  }

  /** The position of the load of run {@code index}. */
  public int position(int index) {
    return index % span / Search.MOST_RUNS_OF_LOAD;
  }

  private LoadAnswer answer(int first, NavigableMap<Integer, RunEnding> endings) {
    LoadMeasurements seen = new LoadMeasurements();
    endings.forEach(
        (index, ending) -> {
          if (ending instanceof RunEnding.Measured measured) {
            seen.add(position(index), measured.margin());
          }
        });
    LoadAnswer.State state = unanswered(endings).orElseGet(() -> state(first, seen, endings));
    return new LoadAnswer(first, seen, endings.size(), positions.most(), state);
  }

  private LoadAnswer.State state(
      int first, LoadMeasurements seen, NavigableMap<Integer, RunEnding> endings) {
    LoadSearch.Step step = positions.next(seen, endings.size());
    return step instanceof LoadSearch.Ask ask
        ? new LoadAnswer.Open(unused(first + ask.load() * Search.MOST_RUNS_OF_LOAD, endings))
        : new LoadAnswer.Found((LoadSearch.Found) step);
  }

  /** There is always one: fewer runs are asked for, or taken for disturbed, than a load has. */
  private static int unused(int firstOfLoad, NavigableMap<Integer, RunEnding> endings) {
    return IntStream.range(firstOfLoad, firstOfLoad + Search.MOST_RUNS_OF_LOAD)
        .filter(index -> !endings.containsKey(index))
        .findFirst()
        .orElseThrow();
  }

  /** Why a search ends without an answer, if it does. */
  private Optional<LoadAnswer.State> unanswered(NavigableMap<Integer, RunEnding> endings) {
    Map<Integer, Integer> disturbed = new HashMap<>();
    for (Map.Entry<Integer, RunEnding> each : endings.entrySet()) {
      int load = position(each.getKey());
      if (each.getValue() instanceof RunEnding.Unanswered unanswered) {
        return Optional.of(new LoadAnswer.NoAnswer(load, unanswered.why()));
      }
      if (each.getValue() instanceof RunEnding.Cancelled cancelled) {
        return Optional.of(new LoadAnswer.Cancelled(load, cancelled.why()));
      }
      if (each.getValue() instanceof RunEnding.Disturbed last
          && disturbed.merge(load, 1, Integer::sum) > Search.MOST_DISTURBED) {
        return Optional.of(
            new LoadAnswer.NoAnswer(load, disturbed.get(load) + " runs, the last: " + last.why()));
      }
    }
    return Optional.empty();
  }
}
