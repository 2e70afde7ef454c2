package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.observe.report.Frontier.CurvePoint;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrontierTest {

  @Test
  void keepsThePointsThatNoOtherBeatsInBothMetrics() {
    // given
    List<CurvePoint> points =
        List.of(
            new CurvePoint(0, 50, 100),
            new CurvePoint(1, 60, 200),
            new CurvePoint(2, 90, 190),
            new CurvePoint(3, 80, 300),
            new CurvePoint(4, 900, 300));

    // when
    List<CurvePoint> front = Frontier.pareto(points);

    // then
    assertThat(front).extracting(CurvePoint::point).containsExactly(0, 1, 3);
  }

  @Test
  void findsTheKneeBeforeLatencyGrowsFasterThanThroughput() {
    List<CurvePoint> front =
        List.of(
            new CurvePoint(0, 50, 100),
            new CurvePoint(1, 55, 200),
            new CurvePoint(2, 60, 390),
            new CurvePoint(3, 500, 400),
            new CurvePoint(4, 1500, 410));

    assertThat(Frontier.knee(front)).isEqualTo(2);
  }

  @Test
  void findsNoKneeInAStraightLineOrInTwoPoints() {
    assertThat(
            Frontier.knee(
                List.of(new CurvePoint(0, 1, 1), new CurvePoint(1, 2, 2), new CurvePoint(2, 3, 3))))
        .isEqualTo(-1);
    assertThat(Frontier.knee(List.of(new CurvePoint(0, 1, 1), new CurvePoint(1, 2, 9))))
        .isEqualTo(-1);
    assertThat(Frontier.knee(List.of())).isEqualTo(-1);
  }
}
