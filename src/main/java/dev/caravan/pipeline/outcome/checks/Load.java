package dev.caravan.pipeline.outcome.checks;

import java.util.Optional;
import java.util.OptionalDouble;

/** A load other than the one asked for. */
final class Load implements Check {

  private static final double RATE_TOLERANCE = 5;
  private static final double RATE_DEGRADED = 25;
  private static final double MOST_UNLOGGED = 0.05;

  /** A run so many times as long as its ramp has nearly all of its load. */
  private static final double RAMPS = 12;

  @Override
  public Description description() {
    return new Description(
        "load",
        "requests in flight, % of concurrency; or requests started, % of the rate",
        Thresholds.below(Level.NOTE, 90).and(Level.DEGRADED, 75).and(Level.INVALID, 50),
        "fewer requests than requested were in flight on average, between the end of a ramp and"
            + " the last start (invalid only together with the check client); or the number of"
            + " requests started differs from request_rate by more than 5 % and the scatter of a"
            + " Poisson process (degraded from 25 % on). If a ramp makes either of them that low"
            + " over the whole run, that is at most a warning. Only a note with"
            + " conversations, which end one by one, and with files whose custom_dataset_type is"
            + " not single_turn or random_pool",
        "The label states a concurrency or a rate, but the number belongs to a different one.",
        "give aiperf more cores, set aiperf_options: {workers_max: N}, or lower the concurrency;"
            + " with a request rate, raise the concurrency");
  }

  @Override
  public Examination examine(Evidence evidence, Thresholds thresholds) {
    Optional<Requests> requests = evidence.wholeLog();
    if (requests.isEmpty()) {
      return Examination.unchecked("no complete request log");
    }
    long logged = requests.get().count();
    if (unlogged(evidence) > MOST_UNLOGGED * (logged + unlogged(evidence))) {
      return Examination.unchecked("too many requests failed or were cut off");
    }
    Examination result = examine(evidence, requests.get(), thresholds);
    return evidence.workload().hasSingleTurns()
        ? result
        : result.atMost(Level.NOTE); // conversations end one by one
  }

  private Examination examine(Evidence evidence, Requests requests, Thresholds thresholds) {
    OptionalDouble rate = evidence.workload().rate();
    if (rate.isPresent() && !evidence.workload().isPaced()) {
      return rate(evidence, requests, rate.getAsDouble());
    }
    return evidence.workload().hasFixedConcurrency()
        ? concurrency(evidence, requests, thresholds)
        : Examination.unchecked("a data set, a schedule or think times may set the load");
  }

  private Examination concurrency(Evidence evidence, Requests requests, Thresholds thresholds) {
    int asked = evidence.workload().concurrency();
    double ramp = evidence.workload().rampSeconds();
    if (requests.count() < 2L * asked) {
      return Examination.unchecked("fewer than two requests for each connection");
    }
    Examination after =
        requests.lastStart() <= ramp
            ? Examination.unchecked("the run is not longer than its ramp")
            : inFlight(requests, ramp, asked, thresholds, description().advice());
    Examination steady = new Client().isSlow(evidence) ? after : after.atMost(Level.DEGRADED);
    return ramp == 0
        ? steady
        : worse(
            steady,
            inFlight(requests, 0, asked, thresholds, longer(evidence, ramp)).atMost(Level.WARNING));
  }

  private Examination inFlight(
      Requests requests, double from, int asked, Thresholds thresholds, String advice) {
    double to = requests.lastStart();
    double busy = 0;
    for (int i = 0; i < requests.count(); i++) {
      busy += Math.max(0, Math.min(requests.end(i), to) - Math.max(requests.start(i), from));
    }
    double inFlight = busy / (to - from);
    String message =
        "%s requests were in flight on average, but %s were requested"
            .formatted(Figures.number(inFlight), Figures.count(asked));
    return compare(100 * inFlight / asked, thresholds, message, advice);
  }

  private static Examination worse(Examination one, Examination other) {
    boolean isOther =
        other instanceof Finding more
            && !(one instanceof Finding less && less.level().compareTo(more.level()) >= 0);
    return isOther ? other : one;
  }

  /** A load that grows evenly is half of what it becomes. */
  private static String longer(Evidence evidence, double ramp) {
    return evidence.workload().sendingSeconds().isEmpty()
        ? "make the run longer than " + Figures.number(RAMPS * ramp) + " s, or its ramp shorter"
        : "benchmark_duration: " + (long) Math.ceil(RAMPS * ramp) + " # or a shorter ramp";
  }

  /** Requests that were in flight, but are not among the answered ones. */
  private static long unlogged(Evidence evidence) {
    Evidence.Counts counts = evidence.counts();
    return counts.cancelled() + counts.failed() + counts.brokenOff();
  }

  /** As many as the rate keeps busy, and half as many again. */
  private static String moreConnections(Evidence evidence, double rate) {
    double busy = rate * evidence.mean("request_latency").orElse(0) / 1_000;
    long connections = Math.max(evidence.workload().concurrency() + 1, (long) (1.5 * busy) + 1);
    return "concurrency: " + connections + " # if the service can handle that many";
  }

  /** Conversations of a file may end before the time is over. */
  private static OptionalDouble sendingSeconds(Evidence evidence) {
    Workload workload = evidence.workload();
    return workload.isSynthetic() || workload.hasSingleTurns()
        ? workload.sendingSeconds()
        : OptionalDouble.empty();
  }

  private Examination rate(Evidence evidence, Requests requests, double rate) {
    long started = requests.count() + unlogged(evidence);
    double window = sendingSeconds(evidence).orElse(requests.lastStart());
    double expected = rate * window;
    if (expected < 1) {
      return Examination.unchecked("less than one request was due");
    }
    double gap = 100 * Math.abs(expected - started) / expected;
    double tolerance = Math.max(RATE_TOLERANCE, 300 / Math.sqrt(expected));
    if (gap <= tolerance) {
      return Examination.SILENT;
    }
    String message =
        "%s requests were started in %s s, but %s were requested (%s per second)"
            .formatted(
                Figures.count(started),
                Figures.number(window),
                Figures.number(expected),
                Figures.number(rate));
    double ramp = started < expected ? evidence.workload().rateRampSeconds() : 0;
    Level level = gap > tolerance + RATE_DEGRADED ? Level.DEGRADED : Level.NOTE;
    double threshold = level == Level.NOTE ? 100 - tolerance : 100 - tolerance - RATE_DEGRADED;
    String advice = ramp > 0 ? longer(evidence, ramp) : moreConnections(evidence, rate);
    return finding(level, 100.0 * started / expected, threshold, message, advice)
        .atMost(ramp > 0 ? Level.WARNING : Level.DEGRADED);
  }
}
