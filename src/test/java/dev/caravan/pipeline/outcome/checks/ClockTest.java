package dev.caravan.pipeline.outcome.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.pipeline.environment.Environment;
import dev.caravan.pipeline.environment.Moment;
import dev.caravan.pipeline.environment.PhaseMark;
import dev.caravan.pipeline.environment.ServiceSightings;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The clock, and the CPU time of the host, at their thresholds. */
class ClockTest {

  private static final OffsetDateTime START = OffsetDateTime.parse("2026-11-28T12:00:00Z");
  private static final Moment LONG_AGO = new Moment(START.minusDays(1), 0, Map.of());

  /** A moment after the start; by all clocks, and with the CPU time of two CPUs. */
  private static Moment after(double seconds, double wall, double boot, double steal) {
    return new Moment(
        START.plusNanos((long) (wall * 1e9)),
        1_000 + seconds,
        Map.of(Moment.BOOT, 5_000 + boot, Moment.CPU, 2 * seconds, Moment.STEAL, steal));
  }

  private static PhaseMark mark(String time, String what, Moment seen, double notBefore) {
    return new PhaseMark(time + " NOTICE   Phase profiling (profiling) " + what, seen, notBefore);
  }

  private static Environment environment(PhaseMark... marks) {
    return new Environment(
        1, Map.of(), Map.of(), LONG_AGO, LONG_AGO, List.of(marks), ServiceSightings.NONE, "");
  }

  /** A measured phase that aiperf began at this time and that took so long by each clock. */
  private static Environment phase(
      String begin, double seconds, double stamped, double wall, double boot) {
    String end =
        LocalTime.parse(begin)
            .plusNanos(Math.round(stamped * 1e9))
            .format(DateTimeFormatter.ofPattern("HH:mm:ss.SSS"));
    return environment(
        mark(begin, "started | x", after(0, 0, 0, 0), 1_000 - 0.25),
        mark(end, "complete | x", after(seconds, wall, boot, 0), 1_000 + seconds - 0.25));
  }

  private static String level(Environment environment) {
    return Attempt.honest().environment(environment).level("clock");
  }

  @ParameterizedTest
  @CsvSource({
    // a sighting may be up to 0.25 s late, at both ends
    "30, 30, silent",
    "30, 31.24, silent",
    "30, 31.26, invalid",
    "30, 28.74, invalid",
    "30, 28.76, silent",
    // 2 % of a long phase
    "600, 612.2, silent",
    "600, 612.3, invalid",
  })
  void whatAiperfStampedAgainstTheMonotonicClock(double seconds, double stamped, String level) {
    assertThat(level(phase("12:00:00.000", seconds, stamped, seconds, seconds))).isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({"31, silent", "31.1, invalid", "28.9, invalid", "3630, invalid"})
  void theWallClockOfCaravanAgainstTheMonotonicClock(double wall, String level) {
    assertThat(level(phase("12:00:00.000", 30, 30, wall, 30))).isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({"30.5, silent", "30.6, invalid"})
  void aHostThatSleeps(double boot, String level) {
    assertThat(level(phase("12:00:00.000", 30, 30, 30, boot))).isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({
    "23:59:50.000, 30, 30", // midnight
    "01:59:50.000, 30, 3630", // summer time begins
    "02:59:50.000, 30, -3570", // summer time ends
    "12:00:00.000, 90000, 90000", // more than a day
  })
  void localTimeMayJumpWhileTheClockDoesNot(String begin, double seconds, double stamped) {
    assertThat(level(phase(begin, seconds, stamped, seconds, seconds))).isEqualTo("silent");
  }

  @Test
  void aCaravanThatWasHeldUpSawTheLinesLate() {
    // given: it saw the end 8 s late, as its last look before that was 9 s ago
    Environment seen =
        environment(
            mark("12:00:00.000", "started | x", after(0, 0, 0, 0), 999.75),
            mark("12:00:30.000", "complete | x", after(38, 38, 38, 0), 1_029));
    // then
    assertThat(level(seen)).isEqualTo("silent");
  }

  @Test
  void nobodyCanTellWithoutStampsOrSightings() {
    assertThat(Attempt.honest().level("clock")).isEqualTo("unchecked");
    assertThat(level(environment())).isEqualTo("unchecked");
    assertThat(level(environment(mark("12:00:00.000", "started", after(0, 0, 0, 0), 0))))
        .isEqualTo("unchecked");
    assertThat(
            level(
                environment(
                    mark("x", "started", after(0, 0, 0, 0), 0),
                    mark("x", "complete", after(9, 9, 9, 0), 0))))
        .isEqualTo("unchecked");
  }

  @ParameterizedTest
  @CsvSource({"0, silent", "1.2, silent", "1.3, note", "30, note"})
  void cpuTimeThatOthersGot(double steal, String level) {
    // given: a phase of 30 s on two CPUs
    Environment seen =
        environment(
            mark("12:00:00.000", "started", after(0, 0, 0, 0), 1_000),
            mark("12:00:30.000", "complete", after(30, 30, 30, steal), 1_030));
    // then
    assertThat(Attempt.honest().environment(seen).level("client")).isEqualTo(level);
  }

  @Test
  void aSlowClientIsWorseThanStolenTime() {
    Environment seen =
        environment(
            mark("12:00:00.000", "started", after(0, 0, 0, 0), 1_000),
            mark("12:00:30.000", "complete", after(30, 30, 30, 30), 1_030));
    assertThat(
            Attempt.honest()
                .environment(seen)
                .metric("credit_to_start_latency", 60)
                .level("client"))
        .isEqualTo("degraded");
  }
}
