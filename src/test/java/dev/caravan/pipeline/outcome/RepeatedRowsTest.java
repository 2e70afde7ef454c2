package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Outcome;
import dev.caravan.model.plan.Place;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RepeatedRowsTest {

  @Test
  void areOfOneVariantAndOneValueOfEachKey() {
    // given: the second round runs backwards
    List<ResultRow> rows =
        List.of(
            row(0, "before", "4", 1),
            row(1, "before", "16", 1),
            row(2, "after", "4", 1),
            row(3, "after", "4", 2),
            row(4, "before", "16", 2),
            row(5, "before", "4", 2));
    // then
    assertThat(indexes(rows)).containsExactly(List.of(0, 5), List.of(1, 4), List.of(2, 3));
  }

  @Test
  void areToldApartInATableWithoutPlaces() {
    // given
    List<ResultRow> rows = List.of(unplaced(0, "4"), unplaced(1, "16"));
    // then
    assertThat(indexes(rows)).containsExactly(List.of(0), List.of(1));
  }

  @Test
  void areOneListWhereNothingVaries() {
    // given
    List<ResultRow> rows =
        List.of(
            Rows.withoutMetrics(0, Outcome.SUCCEEDED, ""),
            Rows.withoutMetrics(1, Outcome.FAILED, "crashed"));
    // then
    assertThat(indexes(rows)).containsExactly(List.of(0, 1));
    assertThat(RepeatedRows.of(List.of())).isEmpty();
  }

  private static ResultRow unplaced(int index, String concurrency) {
    return Rows.at(Place.UNKNOWN, row(index, "", concurrency, 1));
  }

  private static ResultRow row(int index, String variant, String concurrency, int repeat) {
    Judgment judgment = new Judgment(Outcome.SUCCEEDED, "", List.of());
    return Rows.at(
        new Place(variant, "concurrency" + concurrency, repeat),
        Rows.of(index, Rows.sweep("concurrency", concurrency), judgment, Optional.empty()));
  }

  private static List<List<Integer>> indexes(List<ResultRow> rows) {
    return RepeatedRows.of(rows).stream()
        .map(each -> each.stream().map(ResultRow::runIndex).toList())
        .toList();
  }
}
