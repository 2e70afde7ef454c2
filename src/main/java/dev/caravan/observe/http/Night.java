package dev.caravan.observe.http;

import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The summary of the last day: whether the batches that finished in it are good, and which are not.
 *
 * @param kind a class of the style sheet; empty when none finished
 * @param summary the sentence
 * @param items the names that are bad or not to be judged, the bad ones first
 */
public record Night(String kind, String summary, List<NameRow> items) {

  private static final int HOURS = 24;

  static Night of(NameTrends.Known names, OffsetDateTime now) {
    List<NameRow> recent =
        names.rows().stream().filter(row -> isRecent(row.finishedAt(), now)).toList();
    if (recent.isEmpty()) {
      return new Night("", "", List.of());
    }
    List<String> parts = new ArrayList<>();
    add(parts, recent, NameRow.State.BAD, "bad");
    add(parts, recent, NameRow.State.UNSURE, "cannot be judged");
    add(parts, recent, NameRow.State.GOOD, "good");
    if (names.unread() > 0) {
      parts.add("others are being read");
    }
    if (names.beyond() > 0) {
      parts.add(names.beyond() + " more names not read");
    }
    boolean isWhole = names.unread() == 0 && names.beyond() == 0;
    NameRow.State worst =
        Stream.concat(
                recent.stream().map(NameRow::state),
                isWhole ? Stream.empty() : Stream.of(NameRow.State.UNSURE))
            .min(Comparator.naturalOrder())
            .orElseThrow();
    return new Night(
        worst.kind(),
        worst.mark()
            + " Newest "
            + (recent.size() == 1 ? "batch" : "batches of " + recent.size() + " names")
            + " in the last "
            + HOURS
            + " hours: "
            + String.join(", ", parts),
        recent.stream()
            .filter(row -> row.state() != NameRow.State.GOOD)
            .sorted(Comparator.comparing(NameRow::state))
            .toList());
  }

  /** Whether a batch that finished then counts. */
  static boolean isRecent(Optional<OffsetDateTime> finished, OffsetDateTime now) {
    return finished.filter(now.minusHours(HOURS)::isBefore).isPresent();
  }

  private static void add(
      List<String> parts, List<NameRow> rows, NameRow.State state, String word) {
    long count = rows.stream().filter(row -> row.state() == state).count();
    if (count > 0) {
      parts.add(rows.size() == 1 ? word : count + " " + word);
    }
  }
}
