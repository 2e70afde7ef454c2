package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NightTest {

  private static final OffsetDateTime NOW = OffsetDateTime.parse("2026-11-28T07:00:00Z");

  @Test
  void tellsTheBadNamesFirst() {
    // when
    Night night =
        night(
            0,
            row("fine", NameRow.State.GOOD, 5, ""),
            row("new", NameRow.State.UNSURE, 3, "the first batch of this name"),
            row("slow", NameRow.State.BAD, 4, "15.0 % slower than usual"));

    // then
    assertThat(night.kind()).isEqualTo("bad");
    assertThat(night.summary())
        .isEqualTo(
            "⚠ Newest batches of 3 names in the last 24 hours: 1 bad, 1 cannot be judged, 1 good");
    assertThat(night.items()).extracting(NameRow::name).containsExactly("slow", "new");
  }

  @Test
  void isGoodOnlyWhenEverythingIsReadAndGood() {
    assertThat(night(0, row("a", NameRow.State.GOOD, 1, "")).summary())
        .isEqualTo("✓ Newest batch in the last 24 hours: good");
    assertThat(night(2, row("a", NameRow.State.GOOD, 1, "")).kind()).isEqualTo("unsure");
  }

  @Test
  void isNotGoodWhenItDoesNotLookAtAllNames() {
    // when
    Night night =
        Night.of(new NameTrends.Known(List.of(row("a", NameRow.State.GOOD, 1, "")), 0, 3), NOW);

    // then
    assertThat(night.kind()).isEqualTo("unsure");
    assertThat(night.summary()).endsWith("good, 3 more names not read");
  }

  @Test
  void leavesOutBatchesOfEarlierDays() {
    assertThat(night(0, row("old", NameRow.State.BAD, 30, "x")).summary()).isEmpty();
  }

  private static Night night(int unread, NameRow... rows) {
    return Night.of(new NameTrends.Known(List.of(rows), unread, 0), NOW);
  }

  private static NameRow row(String name, NameRow.State state, int hoursAgo, String why) {
    return new NameRow(
        state,
        name,
        "/trend/" + name,
        "/batches/" + name,
        Optional.of(NOW.minusHours(hoursAgo)),
        "",
        "",
        "",
        new Sparkline(List.of(), List.of(), List.of(), ""),
        "",
        "",
        "",
        "",
        why);
  }
}
