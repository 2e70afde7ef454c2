package dev.caravan.observe.http;

import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Json;
import dev.caravan.storage.JsonTimes;
import dev.caravan.storage.StateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The periods in which targets were not ready. They are kept in {@code .caravan/outages.json} for
 * the timeline only; without the file it shows outages since the daemon's start. Thread-safe.
 */
final class Outages {

  private static final Logger LOG = LoggerFactory.getLogger(Outages.class);
  private static final int SCHEMA = 1;
  private static final int MAX_OUTAGES = 500;

  /** How often the file is updated during an outage. */
  private static final Duration SAVE_INTERVAL = Duration.ofMinutes(1);

  /**
   * An outage.
   *
   * @param until its end; empty while it lasts, as far as anybody knows
   * @param asked when the target was asked last
   */
  record Outage(
      String target,
      String message,
      OffsetDateTime from,
      Optional<OffsetDateTime> until,
      OffsetDateTime asked) {

    /** When it ended, or was last known to last. */
    OffsetDateTime seen() {
      return until.orElse(asked);
    }

    private Outage endedAt(OffsetDateTime end) {
      return new Outage(target, message, from, Optional.of(end), asked);
    }
  }

  /** An outage in the file; {@code seen} is its end, or when it was last known to continue. */
  private record SavedOutage(String target, String message, String from, String seen) {}

  private record SavedOutages(int schema, List<SavedOutage> outages) {}

  private final WebContext context;
  private final Path file;
  private final Map<String, Outage> ongoing = new HashMap<>();
  private final List<Outage> ended = new ArrayList<>();
  private final AtomicBoolean updateDue = new AtomicBoolean();
  private final Executor executor =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "outages");
            thread.setDaemon(true);
            return thread;
          });
  private OffsetDateTime savedAt = OffsetDateTime.MIN;

  Outages(WebContext context) {
    this.context = context;
    this.file = StateFile.OUTAGES.in(context.home());
    restore();
    context.pageUpdates().listen(this::updateSoon);
  }

  /** All outages, oldest first. */
  List<Outage> all() {
    update();
    return sorted();
  }

  private synchronized List<Outage> sorted() {
    List<Outage> all = new ArrayList<>(ended);
    all.addAll(ongoing.values());
    all.sort(Comparator.comparing(Outage::from));
    return all;
  }

  /**
   * Updates in another thread: the caller may hold a lock that dispatch needs to return its status.
   */
  private void updateSoon() {
    if (updateDue.compareAndSet(false, true)) {
      executor.execute(this::update);
    }
  }

  private void update() {
    updateDue.set(false);
    apply(context.status().get().parked());
  }

  private synchronized void apply(List<DaemonStatus.Parked> all) {
    Map<String, DaemonStatus.Parked> now = new HashMap<>();
    all.forEach(parked -> now.put(parked.target(), parked));
    List<Outage> recovered =
        ongoing.values().stream().filter(outage -> !now.containsKey(outage.target())).toList();
    recovered.forEach(this::end);
    boolean added = false;
    for (DaemonStatus.Parked parked : now.values()) {
      added |= ongoing.put(parked.target(), ongoing(parked)) == null;
    }
    boolean saveDue =
        !ongoing.isEmpty() && savedAt.plus(SAVE_INTERVAL).isBefore(OffsetDateTime.now());
    if (added || saveDue || !recovered.isEmpty()) {
      save();
    }
  }

  private static Outage ongoing(DaemonStatus.Parked parked) {
    return new Outage(
        parked.target(),
        parked.message(),
        OffsetDateTime.parse(parked.since()),
        Optional.empty(),
        OffsetDateTime.parse(parked.asked()));
  }

  private void end(Outage outage) {
    ongoing.remove(outage.target());
    ended.add(outage.endedAt(OffsetDateTime.now()));
    if (ended.size() > MAX_OUTAGES) {
      ended.remove(0);
    }
  }

  private void save() {
    savedAt = OffsetDateTime.now().truncatedTo(ChronoUnit.SECONDS);
    List<SavedOutage> outages = new ArrayList<>();
    ended.forEach(outage -> outages.add(saved(outage)));
    ongoing.values().forEach(outage -> outages.add(saved(outage)));
    try {
      new DurableFiles().writeWhole(file, Json.file(new SavedOutages(SCHEMA, outages)));
    } catch (IOException e) {
      LOG.debug("Could not save outages: {}", e.toString());
    }
  }

  private SavedOutage saved(Outage outage) {
    return new SavedOutage(
        outage.target(),
        outage.message(),
        JsonTimes.text(outage.from()),
        JsonTimes.text(outage.seen()));
  }

  /** Loads the file. An outage that had not ended gets the time at which it was last seen. */
  private void restore() {
    try {
      if (Files.exists(file)) {
        for (SavedOutage saved : Json.read(file, SavedOutages.class).outages()) {
          OffsetDateTime seen = OffsetDateTime.parse(saved.seen());
          ended.add(
              new Outage(
                  saved.target(),
                  saved.message(),
                  OffsetDateTime.parse(saved.from()),
                  Optional.of(seen),
                  seen));
        }
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("Could not read outages", e);
      ended.clear(); // damaged file: start over
    }
  }
}
