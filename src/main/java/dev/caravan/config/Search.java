package dev.caravan.config;

import dev.caravan.analysis.LoadSearch;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * A search for the highest load at which runs keep the bounds of {@code slo}.
 *
 * @param key the key that sets the load
 * @param loads what can be tried, ascending, in steps of half the precision
 * @param precision how near the answer is to be, as a share of it
 */
public record Search(String key, List<Object> loads, double precision) {

  /** One more disturbed run at a load means that the disturbance stays. */
  public static final int MOST_DISTURBED = 2;

  /** How often one load can be run: what the search asks for, and what was disturbed. */
  public static final int MOST_RUNS_OF_LOAD = LoadSearch.MOST_RUNS_OF_LOAD + MOST_DISTURBED;

  private static final double COARSE = 0.02;

  public Search {
    loads = List.copyOf(loads);
  }

  /** A search from one whole number to another. */
  static Search ofWhole(String key, long from, long to, double precision) {
    List<Object> loads = new ArrayList<>(List.of(from));
    for (long load = from; load < to; ) {
      load = Math.min(to, Math.max(load + 1, (long) (load * (1 + precision / 2))));
      loads.add(load);
    }
    return new Search(key, loads, precision);
  }

  /** A search from one number to another, through numbers of three or four digits. */
  static Search ofDecimal(String key, double from, double to, double precision) {
    MathContext digits = new MathContext(precision / 2 < COARSE ? 4 : 3, RoundingMode.FLOOR);
    List<Object> loads = new ArrayList<>(List.of(VariedKeys.asInteger(from)));
    for (double load = from; load < to; ) {
      double next = BigDecimal.valueOf(load * (1 + precision / 2)).round(digits).doubleValue();
      load = next > load ? Math.min(to, next) : to;
      loads.add(VariedKeys.asInteger(load));
    }
    return new Search(key, loads, precision);
  }

  /** The search among the positions of its loads. */
  public LoadSearch positions() {
    return new LoadSearch(
        loads.stream().mapToDouble(load -> ((Number) load).doubleValue()).toArray());
  }

  /** The most runs that it can take. */
  public int most() {
    return positions().most();
  }

  /** How many indexes it has: each load has some of its own. */
  public int indexes() {
    return loads.size() * MOST_RUNS_OF_LOAD;
  }
}
