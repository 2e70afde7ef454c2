package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.observe.report.Frontier.Place;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrontierTest {

  @Test
  void keepsThePointsThatNoOtherBeatsInBoth() {
    // given
    List<Place> places =
        List.of(
            new Place(0, 50, 100),
            new Place(1, 60, 200),
            new Place(2, 90, 190),
            new Place(3, 80, 300),
            new Place(4, 900, 300));

    // when
    List<Place> front = Frontier.pareto(places);

    // then
    assertThat(front).extracting(Place::point).containsExactly(0, 1, 3);
  }

  @Test
  void findsTheKneeWhereLatencyBeginsToCostMoreThanItGives() {
    List<Place> front =
        List.of(
            new Place(0, 50, 100),
            new Place(1, 55, 200),
            new Place(2, 60, 390),
            new Place(3, 500, 400),
            new Place(4, 1500, 410));

    assertThat(Frontier.knee(front)).isEqualTo(2);
  }

  @Test
  void seesNoKneeInAStraightLineOrInTwoPoints() {
    assertThat(Frontier.knee(List.of(new Place(0, 1, 1), new Place(1, 2, 2), new Place(2, 3, 3))))
        .isEqualTo(-1);
    assertThat(Frontier.knee(List.of(new Place(0, 1, 1), new Place(1, 2, 9)))).isEqualTo(-1);
    assertThat(Frontier.knee(List.of())).isEqualTo(-1);
  }
}
