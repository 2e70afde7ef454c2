package dev.caravan.observe.http;

import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Json;
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
 * Which targets were not ready when. Kept in {@code .caravan/outages.json}, for pages only: without
 * it they know of this life of the daemon. Threadsafe.
 */
final class Outages {

  private static final Logger LOG = LoggerFactory.getLogger(Outages.class);
  private static final int SCHEMA = 1;
  private static final int KEPT = 500;

  /** While a target stays out, it is noted so often that it still is. */
  private static final Duration NOTED_AGAIN = Duration.ofMinutes(1);

  /** A stretch; without an end while it goes on. */
  record Outage(
      String target, String message, OffsetDateTime from, Optional<OffsetDateTime> until) {}

  /** A stretch in the file: {@code seen} is when it was known last, or ended. */
  private record Noted(String target, String message, String from, String seen) {}

  private record Notes(int schema, List<Noted> outages) {}

  private final WebContext place;
  private final Path file;
  private final Map<String, Outage> open = new HashMap<>();
  private final List<Outage> over = new ArrayList<>();
  private final AtomicBoolean due = new AtomicBoolean();
  private final Executor later =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "outages");
            thread.setDaemon(true);
            return thread;
          });
  private OffsetDateTime notedAt = OffsetDateTime.MIN;

  Outages(WebContext place) {
    this.place = place;
    this.file = place.home().state().resolve("outages.json");
    restore();
    place.news().listen(this::lookSoon);
  }

  /** All of them, oldest first. */
  List<Outage> all() {
    look();
    return sorted();
  }

  private synchronized List<Outage> sorted() {
    List<Outage> all = new ArrayList<>(over);
    all.addAll(open.values());
    all.sort(Comparator.comparing(Outage::from));
    return all;
  }

  /** Whoever tells of a change may hold what dispatch needs to answer: it is asked later. */
  private void lookSoon() {
    if (due.compareAndSet(false, true)) {
      later.execute(this::look);
    }
  }

  private void look() {
    due.set(false);
    List<DaemonStatus.Parked> parked = place.status().get().parked();
    take(parked);
  }

  private synchronized void take(List<DaemonStatus.Parked> all) {
    Map<String, DaemonStatus.Parked> now = new HashMap<>();
    all.forEach(parked -> now.put(parked.target(), parked));
    List<Outage> ended =
        open.values().stream().filter(outage -> !now.containsKey(outage.target())).toList();
    ended.forEach(this::end);
    boolean more = false;
    for (DaemonStatus.Parked parked : now.values()) {
      more |= open.putIfAbsent(parked.target(), begun(parked)) == null;
    }
    boolean still = !open.isEmpty() && notedAt.plus(NOTED_AGAIN).isBefore(OffsetDateTime.now());
    if (more || still || !ended.isEmpty()) {
      note();
    }
  }

  private static Outage begun(DaemonStatus.Parked parked) {
    return new Outage(
        parked.target(), parked.message(), OffsetDateTime.parse(parked.since()), Optional.empty());
  }

  private void end(Outage outage) {
    open.remove(outage.target());
    over.add(
        new Outage(
            outage.target(), outage.message(), outage.from(), Optional.of(OffsetDateTime.now())));
    if (over.size() > KEPT) {
      over.remove(0);
    }
  }

  private void note() {
    notedAt = OffsetDateTime.now().truncatedTo(ChronoUnit.SECONDS);
    List<Noted> outages = new ArrayList<>();
    over.forEach(outage -> outages.add(noted(outage)));
    open.values().forEach(outage -> outages.add(noted(outage)));
    try {
      new DurableFiles().writeWhole(file, Json.file(new Notes(SCHEMA, outages)));
    } catch (IOException e) {
      LOG.debug("What targets were out is not noted: {}", e.toString());
    }
  }

  private Noted noted(Outage outage) {
    return new Noted(
        outage.target(),
        outage.message(),
        outage.from().toString(),
        outage.until().orElse(notedAt).toString());
  }

  /** What went on when the last life ended is known until then. */
  private void restore() {
    try {
      if (Files.exists(file)) {
        for (Noted noted : Json.read(file, Notes.class).outages()) {
          over.add(
              new Outage(
                  noted.target(),
                  noted.message(),
                  OffsetDateTime.parse(noted.from()),
                  Optional.of(OffsetDateTime.parse(noted.seen()))));
        }
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("What targets were out is not known", e);
      over.clear(); // damaged: begun anew
    }
  }
}
