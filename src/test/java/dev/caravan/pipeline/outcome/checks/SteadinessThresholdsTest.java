package dev.caravan.pipeline.outcome.checks;

import static dev.caravan.pipeline.outcome.checks.Attempt.constant;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks of the course of a run and of its size, on both sides of their thresholds. */
class SteadinessThresholdsTest {

  @Test
  void judgesAStallOfTheClientByItsLength() {
    assertThat(Attempt.honest().holdUps(200.0, 499.0, 900.0).level("stall")).isEqualTo("silent");
    assertThat(Attempt.honest().holdUps(501.0, 502.0, 503.0).level("stall")).isEqualTo("degraded");
    assertThat(Attempt.honest().holdUps(1_100.0).level("stall")).isEqualTo("degraded");
    assertThat(Attempt.honest().holdUps(2_100.0).level("stall")).isEqualTo("invalid");
  }

  @Test
  void stallOfALongRunIsInvalidFromAShareOfItOn() {
    assertThat(
            Attempt.honest()
                .latencies(constant(1_000, 400)) // 100 s on four connections
                .holdUps(4_900.0)
                .level("stall"))
        .isEqualTo("degraded");
    assertThat(Attempt.honest().latencies(constant(1_000, 400)).holdUps(5_100.0).level("stall"))
        .isEqualTo("invalid");
  }

  @Test
  void judgesAStallOfTheService() {
    // given
    double[] latencies = constant(400, 300);
    Arrays.fill(latencies, 200, 204, 2_600); // all four connections wait

    // then
    assertThat(Attempt.honest().latencies(latencies).level("stall")).isEqualTo("degraded");
  }

  @ParameterizedTest
  @CsvSource({
    "4, 300, 400, degraded", // it loads the model for the first requests
    "1, 300, 400, silent",
    "4, 700, 400, silent", // under five times the p99
    "4, 300, 23, silent", // too few to know what is usual
  })
  void judgesAStallOfTheServiceAtTheBeginning(int slow, double usual, int count, String level) {
    // given
    double[] latencies = constant(count, usual);
    Arrays.fill(latencies, 0, slow, 3_000);

    // then
    assertThat(Attempt.honest().latencies(latencies).level("stall")).isEqualTo(level);
  }

  @Test
  void oneSlowRequestIsNoStall() {
    // given
    double[] latencies = constant(400, 300);
    latencies[200] = 20_000;

    // then
    assertThat(Attempt.honest().latencies(latencies).level("stall")).isEqualTo("silent");
  }

  @Test
  void aReasoningModelIsNoStall() {
    // given: nothing for 20 s, as always
    double[] latencies = constant(80, 20_000);

    // then
    assertThat(Attempt.honest().latencies(latencies).level("stall")).isEqualTo("silent");
  }

  @Test
  void notesABurstAtTheStart() {
    // given
    double[] latencies = constant(200, 300);
    Arrays.fill(latencies, 0, 4, 500);

    // then
    assertThat(Attempt.honest().latencies(latencies).level("burst")).isEqualTo("note");
    assertThat(Attempt.honest().latencies(constant(200, 300)).level("burst")).isEqualTo("silent");
    assertThat(Attempt.honest().latencies(constant(23, 300)).level("burst")).isEqualTo("unchecked");
  }

  @Test
  void judgesADriftBetweenTheThirdsOfARun() {
    // given
    double[] rising = new double[400];
    Arrays.setAll(rising, i -> 300 + i * 0.15); // 20 % from end to end, 14 % between the thirds
    double[] fast = new double[400];
    Arrays.setAll(fast, i -> 300 + i * 0.35); // 28 % between the thirds
    double[] slowly = new double[400];
    Arrays.setAll(slowly, i -> 300 + i * 0.08);
    double[] stepped = constant(400, 300);
    Arrays.fill(stepped, 390, 400, 900);

    // then
    assertThat(Attempt.honest().latencies(rising).level("steady")).isEqualTo("note");
    assertThat(Attempt.honest().latencies(fast).level("steady")).isEqualTo("warning");
    assertThat(Attempt.honest().latencies(slowly).level("steady")).isEqualTo("silent");
    assertThat(Attempt.honest().latencies(stepped).level("steady")).isEqualTo("silent");
    assertThat(Attempt.honest().latencies(constant(53, 300)).level("steady"))
        .isEqualTo("unchecked");
  }

  @Test
  void steadyIsSeldomWrongAboutStationaryRuns() {
    // given
    Random random = new Random(7);
    int alarms = 0;

    // when
    for (int run = 0; run < 1_000; run++) {
      double[] latencies = new double[60 + run % 400];
      double spread = 0.02 + 0.5 * (run % 10) / 10;
      Arrays.setAll(latencies, i -> 300 * Math.exp(spread * random.nextGaussian()));
      alarms += Attempt.honest().latencies(latencies).level("steady").equals("silent") ? 0 : 1;
    }

    // then
    assertThat(alarms).isLessThanOrEqualTo(10);
  }

  @Test
  void steadySeldomWarnsOfWhatComesAndGoesOnAHost() {
    // given
    Random random = new Random(7);
    int warnings = 0;

    // when: slowdowns of 5 % that last from a tenth of the run to all of it
    for (int run = 0; run < 1_000; run++) {
      double[] latencies = new double[100 + run % 300];
      double stays = Math.exp(-1.0 / (latencies.length * (0.1 + 0.9 * (run % 10) / 9)));
      double slowdown = random.nextGaussian();
      for (int i = 0; i < latencies.length; i++) {
        slowdown = stays * slowdown + Math.sqrt(1 - stays * stays) * random.nextGaussian();
        latencies[i] = 300 * Math.exp(0.05 * slowdown + 0.02 * random.nextGaussian());
      }
      warnings += Attempt.honest().latencies(latencies).level("steady").equals("warning") ? 1 : 0;
    }

    // then
    assertThat(warnings).isLessThanOrEqualTo(10);
  }

  @ParameterizedTest
  @CsvSource({"368, 30, silent", "367, 30, note", "35, 30, note", "400, 2.9, note"})
  void notesTooFewSamplesAndTooShortRuns(long answered, double seconds, String level) {
    assertThat(
            Attempt.honest()
                .counts(answered, 0, 0, 0)
                .metric("benchmark_duration", seconds)
                .level("samples"))
        .isEqualTo(level);
  }
}
