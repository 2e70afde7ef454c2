package dev.caravan.model.plan;

import dev.caravan.config.BenchmarkConfig;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * How long the runs of a plan take, as far as its config says.
 *
 * @param runs number of runs; of a search, the most that there can be
 * @param measured the measuring time of all runs that have a duration
 * @param pauses all pauses between runs
 * @param unlimited number of runs that end after a number of requests, whose time is unknown
 */
public record PlanTime(int runs, Duration measured, Duration pauses, int unlimited) {

  /** Time that aiperf 0.13.0 adds to each measurement (start, shutdown, export). */
  public static final Duration OVERHEAD = Duration.ofSeconds(4);

  /** The times of the runs of a config. */
  public static PlanTime of(BenchmarkConfig config) {
    Sweep sweep = new Sweep(config);
    Duration measured = Duration.ZERO;
    int unlimited = 0;
    Optional<SearchPlan> search = sweep.search();
    int each = search.map(plan -> plan.search().most()).orElse(1);
    for (int index : search.map(SearchPlan::firsts).orElseGet(sweep::indexes).toArray()) {
      Optional<Duration> limit = sweep.benchmarkDuration(index);
      measured = measured.plus(limit.orElse(Duration.ZERO).multipliedBy(each));
      unlimited += limit.isPresent() ? 0 : each;
    }
    Duration pauses = config.coolDown().multipliedBy(Math.max(0, sweep.runs() - 1));
    return new PlanTime(sweep.runs(), measured, pauses, unlimited);
  }

  /**
   * How long all runs take, in words.
   *
   * @param isSearch whether fewer runs may be enough
   * @param text writes a duration
   */
  public String estimate(boolean isSearch, Function<Duration, String> text) {
    String time = text.apply(measured.plus(OVERHEAD.multipliedBy(runs)).plus(pauses));
    if (isSearch) {
      return unlimited > 0
          ? "unknown, because runs without benchmark_duration end after a number of requests"
          : "about " + time + " if all " + runs + " runs are needed";
    }
    return (unlimited > 0 ? "more than " : "about ") + time;
  }
}
