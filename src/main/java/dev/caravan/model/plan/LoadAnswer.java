package dev.caravan.model.plan;

import dev.caravan.analysis.LoadMeasurements;
import dev.caravan.analysis.LoadSearch;

/**
 * What one search of a batch knows: there is one for each combination of the values that it does
 * not vary.
 *
 * @param first index of the first run that it can make
 * @param seen what its runs measured, by the position of their load
 * @param runs number of its runs that have ended
 * @param most the most runs that it can take
 * @param state what is next, or why nothing is
 */
public record LoadAnswer(int first, LoadMeasurements seen, int runs, int most, State state) {

  /** Whether a search goes on. */
  public sealed interface State {}

  /** Its next run, by index. */
  public record Open(int next) implements State {}

  /** It has an answer, in positions of loads. */
  public record Found(LoadSearch.Found found) implements State {}

  /** It ended without one, at this position. */
  public record NoAnswer(int load, String why) implements State {}

  /** It was cancelled in a run at this position. */
  public record Cancelled(int load, String why) implements State {}

  /** Whether it makes no further run. */
  public boolean isOver() {
    return !(state instanceof Open);
  }
}
