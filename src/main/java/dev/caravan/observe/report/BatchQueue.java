package dev.caravan.observe.report;

import dev.caravan.config.Target;
import dev.caravan.model.Batch;
import dev.caravan.model.BatchRecord;
import dev.caravan.model.Control;
import dev.caravan.model.HomeControl;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.HookRecord;
import dev.caravan.pipeline.outcome.HookRun;
import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.pipeline.outcome.SearchSummary;
import dev.caravan.storage.BatchFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The unfinished batches of a home in dispatch order, read from its files. */
public final class BatchQueue {

  private static final Logger LOG = LoggerFactory.getLogger(BatchQueue.class);
  private static final String UNREADABLE = "unreadable";
  private static final int MAX_MESSAGE = 300;

  /** Batches that have finished, and runs in one, that are read to learn from. */
  private static final int MAX_LESSONS = 5;

  private static final int MAX_LESSON_RUNS = 2_000;

  private final BatchStore batches;
  private final ControlStore controls;
  private final HomeControl home;
  private final Optional<DaemonStatus> daemon;
  private final OffsetDateTime now;

  /**
   * A queue.
   *
   * @param home pauses of the whole home and of targets
   * @param daemon the daemon's status; empty when none runs
   */
  public BatchQueue(
      BatchStore batches,
      ControlStore controls,
      HomeControl home,
      Optional<DaemonStatus> daemon,
      OffsetDateTime now) {
    this.batches = batches;
    this.controls = controls;
    this.home = home;
    this.daemon = daemon;
    this.now = now;
  }

  /**
   * The entries of the batches in these folders.
   *
   * @param ended batches that have finished, newest first; the first few tell how long runs take
   * @param slots how many runs are executed at once
   */
  public List<QueueEntry> entries(List<Path> folders, List<Path> ended, int slots) {
    List<Batch> all = new ArrayList<>();
    List<QueueEntry> entries = new ArrayList<>();
    for (Path folder : folders) {
      try {
        all.add(batches.load(folder));
      } catch (IOException e) {
        entries.add(unreadable(folder, e));
      }
    }
    all.sort(Comparator.comparing(Batch::record, BatchRecord.DISPATCH_ORDER));
    Forecast forecast = new Forecast(runTimes(all, ended), slots);
    Map<String, String> firstOnTarget = new HashMap<>();
    for (Batch batch : all) {
      QueueEntry entry = entry(batch, forecast);
      boolean active = entry.state().equals("running") || entry.state().equals("waiting");
      String before = active ? firstOnTarget.putIfAbsent(target(batch), batch.id()) : batch.id();
      boolean unexplained = entry.state().equals("waiting") && entry.message().isEmpty();
      entries.add(
          unexplained
              ? entry.withMessage(before == null ? next(slots) : "after " + before)
              : entry);
    }
    return entries;
  }

  /** A batch that cannot be read, or whose table is long, teaches nothing. */
  private RunTimes runTimes(List<Batch> open, List<Path> ended) {
    List<Batch> all = new ArrayList<>(open);
    int lessons = open.isEmpty() ? 0 : Math.min(MAX_LESSONS, ended.size());
    for (Path folder : ended.subList(0, lessons)) {
      try {
        Batch batch = batches.load(folder);
        if (batch.size() <= MAX_LESSON_RUNS) {
          all.add(batch);
        }
      } catch (IOException e) {
        LOG.debug("{} does not tell how long runs take: {}", folder, e.toString());
      }
    }
    return new RunTimes(all);
  }

  private String next(int slots) {
    List<DaemonStatus.Underway> underway = daemon.map(DaemonStatus::underway).orElse(List.of());
    if (underway.size() < slots) {
      return "next for its target";
    }
    return slots == 1
        ? "when " + underway.get(0).run() + " ends, which takes the only slot"
        : "when one of " + underway.size() + " runs ends: they take all slots";
  }

  /** A damaged batch is shown, and costs the others nothing. */
  private static QueueEntry unreadable(Path folder, IOException why) {
    String id = folder.getParent().getFileName() + "/" + folder.getFileName();
    String message = OneLine.line(why.getMessage(), MAX_MESSAGE);
    return new QueueEntry(
        id,
        folder.toString(),
        UNREADABLE,
        message,
        0,
        0,
        0,
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  private QueueEntry entry(Batch batch, Forecast forecast) {
    Optional<BatchSummary> summary =
        BatchSummary.read(batch.folder().resolve(BatchFolder.SUMMARY))
            .filter(s -> s.finishedAt().isEmpty());
    int done = summary.map(s -> s.counters().ended()).orElse(0);
    int total = summary.map(BatchSummary::total).orElse(batch.size());
    int failed = summary.map(s -> s.counters().of(Outcome.Counts.FAILED)).orElse(0);
    Optional<OffsetDateTime> runningSince = runningSince(batch);
    Optional<HookRun> hook = hook(batch);
    State state = state(batch, runningSince.isPresent() || hook.isPresent());
    boolean active = state.name.equals("running") || state.name.equals("waiting");
    Optional<Forecast.Times> times =
        active
            ? Optional.of(
                forecast.next(batch, total, done, runningSince.map(s -> Duration.between(s, now))))
            : Optional.empty();
    boolean started = done > 0 || runningSince.isPresent();
    return new QueueEntry(
        batch.id(),
        batch.folder().toString(),
        state.name,
        message(batch, state, hook, summary.flatMap(BatchSummary::search)),
        total,
        done,
        failed,
        summary.map(s -> s.findings().found()).orElse(List.of()),
        started ? Optional.empty() : times.flatMap(t -> in(t.start())),
        times.flatMap(t -> in(t.end())));
  }

  private record State(String name, String message) {}

  /** A search that runs says how far it is, and a hook since when it runs. */
  private static String message(
      Batch batch, State state, Optional<HookRun> hook, Optional<SearchSummary> search) {
    int priority = batch.record().priority();
    return Stream.of(
            priority == BatchRecord.DEFAULT_PRIORITY ? "" : "priority " + priority,
            hook.map(HookRun::progress).orElse(""),
            state.message,
            state.name.equals("running") ? search.map(SearchSummary::underway).orElse("") : "")
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining("; "));
  }

  private State state(Batch batch, boolean running) {
    try {
      return state(batch, running, controls.of(batch));
    } catch (IOException e) {
      return new State(UNREADABLE, OneLine.line(e.getMessage(), MAX_MESSAGE));
    }
  }

  private State state(Batch batch, boolean running, Control control) {
    Optional<Control.Order> paused =
        control.paused().or(home::paused).or(() -> targetPaused(batch));
    if (running) {
      return new State("running", paused.map(p -> "then paused " + p.message()).orElse(""));
    }
    if (control.cancelled().isPresent()) {
      return new State("cancelled", control.cancelled().get().message());
    }
    if (paused.isPresent()) {
      return new State("paused", paused.get().message());
    }
    return held(batch)
        .or(() -> parked(batch))
        .map(
            p ->
                new State("parked", p.message() + " (" + p.target() + ", since " + p.since() + ")"))
        .or(() -> waitingForWorker(batch))
        .orElse(new State("waiting", ""));
  }

  private Optional<State> waitingForWorker(Batch batch) {
    String pool = batch.config().pool();
    return daemon
        .map(d -> d.unserved().get(pool))
        .map(since -> new State("waiting", "no worker serves pool " + pool + " since " + since));
  }

  private Optional<Control.Order> targetPaused(Batch batch) {
    return Optional.ofNullable(home.pausedTargets().get(target(batch)));
  }

  /** Why only this batch waits: its target refused what was asked for it. */
  private Optional<DaemonStatus.Parked> held(Batch batch) {
    return daemon.stream()
        .flatMap(d -> d.held().stream())
        .filter(held -> held.batchFolder().equals(batch.folder().toString()))
        .map(held -> new DaemonStatus.Parked(held.target(), held.message(), held.since()))
        .findFirst();
  }

  private Optional<DaemonStatus.Parked> parked(Batch batch) {
    return daemon.stream()
        .flatMap(d -> d.parked().stream())
        .filter(p -> p.target().equals(target(batch)))
        .findFirst();
  }

  private Stream<DaemonStatus.Underway> underway(Batch batch) {
    return daemon.stream()
        .flatMap(d -> d.underway().stream())
        .filter(u -> u.batchFolder().equals(batch.folder().toString()));
  }

  private Optional<OffsetDateTime> runningSince(Batch batch) {
    return underway(batch).map(u -> OffsetDateTime.parse(u.since())).min(Comparator.naturalOrder());
  }

  /** The hook that the daemon runs for this batch; one that a kill cut off runs no more. */
  private Optional<HookRun> hook(Batch batch) {
    if (daemon.isEmpty() || batch.config().hooks().isEmpty()) {
      return Optional.empty();
    }
    Stream<HookRecord> ofRuns =
        underway(batch).map(u -> HookRecord.ofNewest(batch.run(u.runIndex()).folder()));
    return Stream.concat(Stream.of(HookRecord.ofBatch(batch.folder())), ofRuns)
        .flatMap(record -> record.underway().stream())
        .filter(hook -> daemon.get().isOlderThan(hook.startedAt()))
        .findFirst();
  }

  /** The target of the first run, which also stands for a batch that sweeps over targets. */
  private static String target(Batch batch) {
    return Target.of(batch.firstRun().parameters().url()).toString();
  }

  private Optional<OffsetDateTime> in(double seconds) {
    return Double.isNaN(seconds)
        ? Optional.empty()
        : Optional.of(now.plus(Duration.ofMillis((long) (seconds * 1000))));
  }
}
