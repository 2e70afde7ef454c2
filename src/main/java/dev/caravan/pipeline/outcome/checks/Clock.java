package dev.caravan.pipeline.outcome.checks;

import dev.caravan.pipeline.environment.Environment;
import dev.caravan.pipeline.environment.Moment;
import dev.caravan.pipeline.environment.PhaseMark;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/** A wall clock that was set, or a host that slept, while it was measured. */
final class Clock implements Check {

  private static final double INVALID_SHARE = 0.02;
  private static final double SLEEP_SECONDS = 0.5;
  private static final double MILLIS = 1e3;

  /**
   * Aiperf stamps its lines with the local time of day. What is a multiple of this may be midnight
   * or a change between summer and winter time, of which its measurement knows nothing.
   */
  private static final double HALF_HOUR = 1_800;

  @Override
  public Description description() {
    return new Description(
        "clock",
        "adjustment of the clock during the measured phase, s",
        Thresholds.above(Level.INVALID, 1),
        "during the measured phase, the wall clock of aiperf or of Caravan advanced by over 1 s"
            + " and 2 % more or less than the monotonic clock; or the host slept for over 0.5 s",
        "aiperf computes the length of the measured phase from the wall clock: a step of 3 s in 10"
            + " s turned 20.1 requests/s into 14.6.",
        "slew the clock instead of stepping it (chrony: makestep 1 3), and keep the host from"
            + " sleeping");
  }

  @Override
  public boolean needsWorkload() {
    return false;
  }

  @Override
  public Examination examine(Evidence evidence, Thresholds thresholds) {
    if (evidence.environment().isEmpty()) {
      return Examination.unchecked("no environment.json: Caravan did not observe this run");
    }
    Optional<Environment.Measured> measured = evidence.environment().get().measured();
    return measured
        .map(phase -> examine(phase, thresholds))
        .orElseGet(() -> Examination.unchecked("aiperf reported no measured phase"));
  }

  private Examination examine(Environment.Measured phase, Thresholds thresholds) {
    Moment from = phase.started().seen();
    Moment to = phase.complete().seen();
    double seconds = to.monotonic() - from.monotonic();
    double slept = to.since(from, Moment.BOOT).orElse(seconds) - seconds;
    if (slept > SLEEP_SECONDS) {
      String message =
          "the host slept for %s s during the measured phase".formatted(Figures.number(slept));
      return finding(Level.INVALID, slept, SLEEP_SECONDS, message, description().advice());
    }
    OptionalDouble stamps = stampsOff(phase);
    if (stamps.isEmpty()) {
      return Examination.unchecked("aiperf's output has no timestamps");
    }
    double wall = Duration.between(from.wall(), to.wall()).toMillis() / MILLIS - seconds;
    double off = Math.abs(wall) > Math.abs(stamps.getAsDouble()) ? wall : stamps.getAsDouble();
    double limit = Math.max(thresholds.of(Level.INVALID), INVALID_SHARE * seconds);
    if (Math.abs(off) <= limit) {
      return Examination.SILENT;
    }
    String message =
        "the clock was adjusted by %s s in a measured phase of %s s"
            .formatted(Figures.number(off), Figures.number(seconds));
    return finding(Level.INVALID, Math.abs(off), limit, message, description().advice());
  }

  /** How far the time between aiperf's stamps is from what is possible by the sightings. */
  private static OptionalDouble stampsOff(Environment.Measured phase) {
    PhaseMark started = phase.started();
    PhaseMark complete = phase.complete();
    if (started.timeOfDay().isEmpty() || complete.timeOfDay().isEmpty()) {
      return OptionalDouble.empty();
    }
    double stamped =
        complete.timeOfDay().get().minus(started.timeOfDay().get()).toMillis() / MILLIS;
    double least = complete.notBefore() - started.seen().monotonic();
    double most = complete.seen().monotonic() - started.notBefore();
    double middle = (least + most) / 2;
    double nearest = stamped + HALF_HOUR * Math.rint((middle - stamped) / HALF_HOUR);
    return OptionalDouble.of(
        nearest < least ? nearest - least : nearest > most ? nearest - most : 0);
  }
}
