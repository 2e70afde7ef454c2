package dev.caravan.pipeline.dispatch;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.caravan.model.Batch;
import dev.caravan.model.RunOrder;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import dev.caravan.storage.JsonTimes;
import java.io.IOException;
import java.nio.file.Files;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The live state of a daemon, stored in {@code .caravan/status.json} and nowhere else. It is
 * meaningless once that daemon has exited; the next one deletes it when it takes the lock of the
 * home.
 *
 * @param schema version of this format
 * @param pid process id of the daemon
 * @param closed why no run starts; null while runs may start
 * @param underway runs in flight: sent to be executed and not reported on yet; of a hub, those that
 *     one of its workers has
 * @param parked targets that are not ready or busy, waiting for the next check
 * @param unserved pools that have runs waiting but no worker, and since when
 * @param held batches that wait alone, each for its own reason; other batches go on
 * @param full pools that execute as many runs as they can
 * @param waitedFor targets that a batch waits for while another has them, and which one has: the
 *     batch of the run in flight there, or an earlier one that goes on there
 * @param queued of a hub: runs that were sent and that no worker has
 * @param retries batches that wait for a run of theirs to be executed again, and start none before
 */
public record DaemonStatus(
    int schema,
    long pid,
    String closed,
    List<Underway> underway,
    List<Parked> parked,
    Map<String, String> unserved,
    List<Held> held,
    List<String> full,
    Map<String, String> waitedFor,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Underway> queued,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Retry> retries) {

  static final int SCHEMA = 1;

  public DaemonStatus {
    underway = underway == null ? List.of() : List.copyOf(underway);
    queued = queued == null ? List.of() : List.copyOf(queued);
    retries = retries == null ? List.of() : List.copyOf(retries);
    parked = parked == null ? List.of() : List.copyOf(parked);
    held = held == null ? List.of() : List.copyOf(held);
    full = full == null ? List.of() : List.copyOf(full);
    unserved = sorted(unserved);
    waitedFor = sorted(waitedFor);
  }

  /** A status in which every pool has a free worker, and no batch waits for another. */
  public DaemonStatus(
      int schema, long pid, String closed, List<Underway> underway, List<Parked> parked) {
    this(
        schema, pid, closed, underway, parked, Map.of(), List.of(), List.of(), Map.of(), List.of(),
        List.of());
  }

  /**
   * This status, with the runs that no worker has taken as queued.
   *
   * @param taken keys of the runs that workers have, see {@link RunOrder#keyOf}
   */
  public DaemonStatus withTaken(Set<String> taken) {
    Map<Boolean, List<Underway>> isTaken =
        underway.stream().collect(Collectors.partitioningBy(run -> taken.contains(run.key())));
    return new DaemonStatus(
        schema,
        pid,
        closed,
        isTaken.get(true),
        parked,
        unserved,
        held,
        full,
        waitedFor,
        isTaken.get(false),
        retries);
  }

  private static Map<String, String> sorted(Map<String, String> map) {
    return map == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(map));
  }

  /**
   * A run in flight.
   *
   * @param run id of the run
   * @param batchFolder folder of its batch
   * @param runIndex from 0
   * @param since RFC 3339 with offset
   * @param pool of the workers that execute it
   */
  public record Underway(String run, String batchFolder, int runIndex, String since, String pool) {

    public Underway {
      pool = Objects.requireNonNullElse(pool, "");
    }

    String key() {
      return RunOrder.keyOf(batchFolder, runIndex);
    }
  }

  /**
   * A parked target.
   *
   * @param target its canonical url
   * @param message why it is parked, as its readiness check or the last run reported
   * @param since when it was parked first in this outage, RFC 3339 with offset
   * @param asked when it was asked last; nothing asks while no run waits for it
   */
  public record Parked(String target, String message, String since, String asked) {

    public Parked {
      asked = asked == null ? since : asked;
    }

    /** A target that was asked only once. */
    public Parked(String target, String message, String since) {
      this(target, message, since, since);
    }
  }

  /**
   * A batch that waits alone: its target refused what was asked for it, or its folder cannot be
   * written.
   *
   * @param batch id of the batch
   * @param batchFolder its folder
   * @param target the canonical url of its target
   * @param message the reply of the target, or what else it waits for
   * @param since when that began, RFC 3339 with offset
   */
  public record Held(
      String batch, String batchFolder, String target, String message, String since) {}

  /**
   * A batch in back-off.
   *
   * @param batch id of the batch
   * @param batchFolder its folder
   * @param runIndex its run that is executed again first, from 0
   * @param at when that is due, RFC 3339 with offset
   * @param why how its last attempt ended: the cause of a failure, else the outcome
   */
  public record Retry(String batch, String batchFolder, int runIndex, String at, String why) {}

  static DaemonStatus of(
      Optional<String> closed,
      TargetStates targets,
      Pools pools,
      TakenTargets taken,
      List<OpenBatch> open,
      long now) {
    return new DaemonStatus(
        SCHEMA,
        ProcessHandle.current().pid(),
        closed.orElse(null),
        targets.inFlight().stream()
            .map(DaemonStatus::underway)
            .sorted(Comparator.comparing(Underway::run))
            .toList(),
        targets.parked().stream()
            .map(
                p ->
                    new Parked(
                        p.target().toString(),
                        p.message(),
                        JsonTimes.text(p.since()),
                        JsonTimes.text(p.asked())))
            .sorted(Comparator.comparing(Parked::target))
            .toList(),
        pools.unserved().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, each -> JsonTimes.text(each.getValue()))),
        open.stream()
            .flatMap(batch -> batch.queues().stream())
            .flatMap(DaemonStatus::held)
            .toList(),
        pools.full(targets),
        taken.waitedFor(),
        List.of(),
        open.stream().flatMap(batch -> retry(batch, now)).toList());
  }

  private static Stream<Retry> retry(OpenBatch open, long now) {
    Batch batch = open.batch();
    return open.backOff(now).stream()
        .map(
            retry ->
                new Retry(
                    batch.id(),
                    batch.folder().toString(),
                    retry.index(),
                    JsonTimes.text(retry.due()),
                    retry.why()));
  }

  private static Stream<Held> held(TargetQueue queue) {
    Batch batch = queue.batch().batch();
    return queue.hold().stream()
        .map(
            hold ->
                new Held(
                    batch.id(),
                    batch.folder().toString(),
                    queue.target().toString(),
                    hold.message(),
                    JsonTimes.text(hold.since())));
  }

  private static Underway underway(TargetStates.InFlight run) {
    RunOrder order = run.order();
    return new Underway(
        order.runId(),
        order.batchFolder(),
        order.runIndex(),
        JsonTimes.text(run.since()),
        run.pool());
  }

  /** Whether the daemon had started by then, as far as its host tells. */
  public boolean isOlderThan(OffsetDateTime time) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().startInstant())
        .map(start -> start.isBefore(time.toInstant()))
        .orElse(true);
  }

  /** The status that the last daemon of a home wrote; empty when there is none. */
  public static Optional<DaemonStatus> of(Home home) {
    try {
      return Files.exists(home.status())
          ? Optional.of(Json.read(home.status(), DaemonStatus.class))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // written by another version: this one's daemon replaces it soon
    }
  }
}
