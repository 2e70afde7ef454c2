package dev.caravan.web;

import dev.caravan.dispatch.DaemonStatus;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which targets were not ready when, as far as this life of the daemon knows. Threadsafe. */
final class Outages {

  private static final int KEPT = 500;

  /** A stretch; without an end while it goes on. */
  record Outage(String target, String words, OffsetDateTime from, Optional<OffsetDateTime> until) {}

  private final Workplace place;
  private final Map<String, Outage> open = new HashMap<>();
  private final List<Outage> over = new ArrayList<>();

  Outages(Workplace place) {
    this.place = place;
    place.news().listen(item -> look());
  }

  /** All of them, in no order. */
  List<Outage> all() {
    look();
    return known();
  }

  private synchronized List<Outage> known() {
    List<Outage> all = new ArrayList<>(over);
    all.addAll(open.values());
    return all;
  }

  /** Asks dispatch without our lock, for dispatch tells news, and so calls this, with its own. */
  private void look() {
    look(place.status().get());
  }

  private synchronized void look(DaemonStatus status) {
    Map<String, DaemonStatus.Parked> now = new HashMap<>();
    status.parked().forEach(parked -> now.put(parked.target(), parked));
    open.values().stream()
        .filter(outage -> !now.containsKey(outage.target()))
        .toList()
        .forEach(this::end);
    now.forEach(
        (target, parked) ->
            open.putIfAbsent(
                target,
                new Outage(
                    target,
                    parked.words(),
                    OffsetDateTime.parse(parked.since()),
                    Optional.empty())));
  }

  private void end(Outage outage) {
    open.remove(outage.target());
    over.add(
        new Outage(
            outage.target(), outage.words(), outage.from(), Optional.of(OffsetDateTime.now())));
    if (over.size() > KEPT) {
      over.remove(0);
    }
  }
}
