package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.caravan.observe.report.Change.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChangeTest {

  private static final List<Double> NIGHTS = List.of(100.0, 101.0, 99.0, 100.5, 99.5, 100.0);

  @Test
  void callsANightThatIsFifteenPercentSlowerWorse() {
    // when
    Change change = Change.of(85, NIGHTS, true);

    // then
    assertThat(change.kind()).isEqualTo(Kind.WORSE);
    assertThat(change.fraction()).isCloseTo(-0.15, within(1e-9));
    assertThat(Change.of(115, NIGHTS, true).kind()).isEqualTo(Kind.BETTER);
    assertThat(Change.of(115, NIGHTS, false).kind()).as("a latency").isEqualTo(Kind.WORSE);
  }

  @Test
  void callsNoiseAsUsual() {
    assertThat(Change.of(97, NIGHTS, true).kind()).as("below 5 %").isEqualTo(Kind.AS_USUAL);
    assertThat(Change.of(85, List.of(90.0, 110.0, 95.0, 105.0, 100.0), true).kind())
        .as("nights that scatter")
        .isEqualTo(Kind.AS_USUAL);
  }

  @Test
  void judgesNothingByFewerThanFiveBatches() {
    // when
    Change change = Change.of(50, List.of(100.0, 100.0, 100.0, 100.0), true);

    // then
    assertThat(change.kind()).isEqualTo(Kind.UNKNOWN);
    assertThat(change.fraction()).isCloseTo(-0.5, within(1e-9));
  }

  @Test
  void isNotMisledByAnOddNightBefore() {
    assertThat(Change.of(85, List.of(100.0, 101.0, 99.0, 100.5, 99.5, 85.0), true).kind())
        .isEqualTo(Kind.WORSE);
  }
}
