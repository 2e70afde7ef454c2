package dev.caravan.pipeline.dispatch;

import dev.caravan.model.RunOrder;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the daemon says of itself in {@code .caravan/status.json}: what no other file tells. It
 * means nothing once that daemon has ended.
 *
 * @param schema version of this shape
 * @param pid of the daemon
 * @param closed why nothing starts; null while runs may start
 * @param underway what was sent to be executed and has no answer yet
 * @param parked targets that are not ready, or busy, and are left alone for a while
 * @param unserved pools that runs wait for, since when no worker serves them
 */
public record DaemonStatus(
    int schema,
    long pid,
    String closed,
    List<Underway> underway,
    List<Parked> parked,
    Map<String, String> unserved) {

  static final int SCHEMA = 1;

  public DaemonStatus {
    underway = underway == null ? List.of() : List.copyOf(underway);
    parked = parked == null ? List.of() : List.copyOf(parked);
    unserved = unserved == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(unserved));
  }

  /** A status in which every pool is served. */
  public DaemonStatus(
      int schema, long pid, String closed, List<Underway> underway, List<Parked> parked) {
    this(schema, pid, closed, underway, parked, Map.of());
  }

  /**
   * A run that is being executed or is about to be.
   *
   * @param run id of the run
   * @param batchFolder folder of its batch
   * @param runIndex from 0
   * @param since RFC 3339 with offset
   */
  public record Underway(String run, String batchFolder, int runIndex, String since) {}

  /**
   * A target that is left alone.
   *
   * @param target its canonical url
   * @param message what it answered
   * @param since RFC 3339 with offset: when it was found so first
   */
  public record Parked(String target, String message, String since) {}

  static DaemonStatus of(
      Optional<String> closed, TargetStates targets, Map<String, OffsetDateTime> unserved) {
    return new DaemonStatus(
        SCHEMA,
        ProcessHandle.current().pid(),
        closed.orElse(null),
        targets.flights().stream()
            .map(DaemonStatus::underway)
            .sorted(Comparator.comparing(Underway::run))
            .toList(),
        targets.parked().stream()
            .map(p -> new Parked(p.target().toString(), p.message(), text(p.since())))
            .sorted(Comparator.comparing(Parked::target))
            .toList(),
        unserved.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, each -> text(each.getValue()))));
  }

  private static Underway underway(TargetStates.Flight flight) {
    RunOrder order = flight.order();
    return new Underway(order.runId(), order.batchFolder(), order.runIndex(), text(flight.since()));
  }

  private static String text(OffsetDateTime moment) {
    return moment.truncatedTo(ChronoUnit.MILLIS).toString();
  }

  /** What the last daemon of a home said; empty when none did. */
  public static Optional<DaemonStatus> of(Home home) {
    try {
      return Files.exists(home.status())
          ? Optional.of(Json.read(home.status(), DaemonStatus.class))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // another version's; it is written again soon
    }
  }
}
