package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.pipeline.outcome.FindingCounts.Found;
import dev.caravan.pipeline.outcome.checks.Level;
import dev.caravan.storage.Json;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class QueueTableTest {

  private static final OffsetDateTime NOW = OffsetDateTime.parse("2026-11-24T12:00:00+01:00");

  @Test
  void showsFindingsThatAreMoreThanNotesUnderTheirBatch() {
    // given: one run failed without numbers
    List<Found> found =
        List.of(
            new Found("replies", Level.INVALID, 1),
            new Found("cache", Level.WARNING, 3),
            new Found("samples", Level.NOTE, 5));
    QueueEntry entry =
        new QueueEntry(
            "night/20261124_140254",
            "/results",
            "running",
            "",
            8,
            5,
            2,
            OptionalInt.of(4),
            found,
            Optional.empty(),
            Optional.empty());
    // then
    assertThat(new QueueTable(NOW).text(List.of(entry)).lines().skip(1))
        .containsExactly(
            "night/20261124_140254  running   5/8       2",
            "  x replies in 1 of 4 runs",
            "  ! cache in 3 of 4 runs");
  }

  @Test
  void countsAmongAllRunsThatEndedWhereADaemonDoesNotTellWhichHaveNumbers() {
    // given
    String of =
        "{\"batch\": \"b/1\", \"state\": \"running\", \"total\": 8, \"done\": 5, \"checks\":"
            + " [{\"id\": \"cache\", \"level\": \"warning\", \"runs\": 3}]%s}";
    // when
    QueueEntry older = Json.read(of.formatted(""), QueueEntry.class);
    QueueEntry none = Json.read(of.formatted(", \"measured\": 0"), QueueEntry.class);
    // then
    assertThat(new QueueTable(NOW).text(List.of(older))).contains("! cache in 3 of 5 runs");
    assertThat(Json.text(none)).contains("\"measured\" : 0");
  }
}
