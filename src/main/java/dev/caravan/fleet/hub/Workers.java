package dev.caravan.fleet.hub;

import dev.caravan.fleet.protocol.Heartbeat;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The workers that were heard of lately. Threadsafe. */
public final class Workers {

  private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

  private record Seen(Heartbeat last, long nanos, OffsetDateTime at) {}

  private final WorkerListener news;
  private final Duration silence;
  private final LongSupplier nanoTime;
  private final Map<String, Seen> seen = new HashMap<>();
  private final Set<String> poolsSeen = new TreeSet<>();

  /**
   * None yet.
   *
   * @param silence after which a worker counts as gone
   * @param nanoTime the monotonic clock
   * @param news is told who comes and goes
   */
  public Workers(Duration silence, LongSupplier nanoTime, WorkerListener news) {
    this.news = news;
    this.silence = silence;
    this.nanoTime = nanoTime;
  }

  synchronized void heard(Heartbeat beat) {
    boolean known = seen.containsKey(beat.worker());
    if (beat.leaving()) {
      if (seen.remove(beat.worker()) != null) {
        LOG.info("Worker {} on {} left", beat.worker(), beat.host());
        news.lost(beat.worker(), "it was stopped");
      }
      return;
    }
    seen.put(beat.worker(), new Seen(beat, nanoTime.getAsLong(), OffsetDateTime.now()));
    poolsSeen.addAll(beat.pools());
    if (!known) {
      LOG.info(
          "Worker {} on {} joined: {} at once, pools {}, aiperf {}",
          beat.worker(),
          beat.host(),
          beat.slots(),
          beat.pools(),
          beat.aiperf().isEmpty() ? "none" : beat.aiperf());
      news.joined(beat.worker(), beat.pools());
    }
  }

  /** How many runs of this pool the workers can execute at once. */
  public synchronized int slots(String pool) {
    return serving(pool).mapToInt(Heartbeat::slots).sum();
  }

  /** How many workers can execute runs of this pool. */
  synchronized int count(String pool) {
    return (int) serving(pool).count();
  }

  private Stream<Heartbeat> serving(String pool) {
    forgetSilent();
    return seen.values().stream()
        .map(Seen::last)
        .filter(beat -> beat.pools().contains(pool) && !beat.aiperf().isEmpty());
  }

  /** The pools that were served at any time. */
  synchronized Set<String> poolsSeen() {
    return Set.copyOf(poolsSeen);
  }

  /**
   * Those that are there, by host and id.
   *
   * @param runOf id of the run under a deliveryId, if it is still under way
   */
  List<WorkerView> views(Function<String, Optional<String>> runOf) {
    return present().stream()
        .map(worker -> view(worker, runOf))
        .sorted(Comparator.comparing(WorkerView::host).thenComparing(WorkerView::id))
        .toList();
  }

  private synchronized List<Seen> present() {
    forgetSilent();
    return List.copyOf(seen.values());
  }

  private static WorkerView view(Seen worker, Function<String, Optional<String>> runOf) {
    Heartbeat beat = worker.last();
    return new WorkerView(
        beat.worker(),
        beat.host() == null ? "" : beat.host(),
        beat.pools(),
        beat.slots(),
        beat.aiperf() == null ? "" : beat.aiperf(),
        beat.holding().stream().map(runOf).flatMap(Optional::stream).sorted().toList(),
        worker.at().truncatedTo(ChronoUnit.MILLIS).toString());
  }

  /** Forgets those that are silent. */
  synchronized void forgetSilent() {
    long now = nanoTime.getAsLong();
    seen.values()
        .removeIf(
            worker -> {
              boolean silent = now - worker.nanos() > silence.toNanos();
              if (silent) {
                LOG.warn("Worker {} on {} is silent", worker.last().worker(), worker.last().host());
                news.lost(worker.last().worker(), "it is silent");
              }
              return silent;
            });
  }
}
