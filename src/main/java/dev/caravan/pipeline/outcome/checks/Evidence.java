package dev.caravan.pipeline.outcome.checks;

import dev.caravan.pipeline.environment.Environment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a completed attempt left behind, as far as checks need it.
 *
 * @param workload what was asked for
 * @param summary aiperf's summary
 * @param counts what became of the requests
 * @param requests the answered requests; empty when there is no usable request log
 * @param server what the service said about itself; empty when it exports no metrics
 * @param holdUps delays of aiperf's own processes in the measured phase, in ms; empty when unknown
 * @param environment what Caravan saw from outside while it ran; empty for runs that others started
 * @param earlierPrompts SHA-256 of the prompts of earlier runs on the same service, each with words
 *     for the run
 */
public record Evidence(
    Workload workload,
    Summary summary,
    Counts counts,
    Optional<Requests> requests,
    Optional<Server> server,
    Optional<List<Double>> holdUps,
    Optional<Environment> environment,
    Map<String, String> earlierPrompts) {

  private static final double MOST_OF_THEM = 0.99;

  public Evidence {
    earlierPrompts = Map.copyOf(earlierPrompts);
  }

  /** Aiperf's summary: statistics by metric. */
  @FunctionalInterface
  public interface Summary {
    /** A statistic in the unit of the metric, such as {@code ("request_latency", "p50")}. */
    OptionalDouble get(String tag, String statistic);
  }

  /**
   * What became of the requests of the measured phase.
   *
   * @param succeeded answered
   * @param failed answered with an error, or not reached
   * @param rateLimited those among them that the service refused because there were too many
   * @param cancelled sent, and not answered when the phase ended
   * @param brokenOff broken off by aiperf, as {@code request_cancellation_rate} asks
   */
  public record Counts(
      long succeeded, long failed, long rateLimited, long cancelled, long brokenOff) {

    /** All of them. */
    long sent() {
      return succeeded + failed + cancelled + brokenOff;
    }
  }

  /**
   * The service's own metrics over the measured phase.
   *
   * @param cachedTokens prompt tokens found in its prefix cache
   * @param running mean number of requests in progress and waiting
   * @param mostRunning number of requests in progress that one scrape in twenty exceeds
   * @param engines number of engines that report them
   * @param processStart when the youngest of its processes started, in seconds since 1970
   */
  public record Server(
      OptionalDouble cachedTokens,
      OptionalDouble running,
      OptionalDouble mostRunning,
      int engines,
      OptionalDouble processStart) {}

  /** The requests, if all of those that the summary counts are there. */
  Optional<Requests> wholeLog() {
    return requests.filter(
        log -> log.isComplete() && log.count() >= MOST_OF_THEM * counts.succeeded());
  }

  /** The earlier run that sent the very same prompts, in words. */
  Optional<String> repeatedRun() {
    return environment.map(Environment::promptsSha256).map(earlierPrompts::get);
  }

  /** Number of answered requests. */
  long answered() {
    return counts.succeeded();
  }

  /** Output tokens that a request asks for, on average. */
  OptionalDouble requestedTokens() {
    return workload.hasDrawnLengths()
        ? requests.map(log -> log.lengths().requested()).orElse(OptionalDouble.empty())
        : workload.requestedTokens();
  }

  /** A mean in aiperf's summary. */
  OptionalDouble mean(String tag) {
    return summary.get(tag, "avg");
  }

  /**
   * The mean of a figure that replies leave out where it is 0; over those that have it where aiperf
   * does not say what it adds up to.
   */
  OptionalDouble perAnswer(String tag) {
    OptionalDouble sum = summary.get(tag, "sum");
    return sum.isPresent() && answered() > 0
        ? OptionalDouble.of(sum.getAsDouble() / answered())
        : mean(tag);
  }

  /** A median in aiperf's summary. */
  OptionalDouble median(String tag) {
    return summary.get(tag, "p50");
  }
}
