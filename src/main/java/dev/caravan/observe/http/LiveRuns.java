package dev.caravan.observe.http;

import dev.caravan.config.Limits;
import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.observe.report.BatchProgress;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.pipeline.run.RunProgress;
import dev.caravan.pipeline.target.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The runs that go on, as pages show them. Looked at only while a page is open. */
final class LiveRuns {

  private static final List<String> PHASES = List.of("start-up", "warm-up", "measuring", "export");

  /**
   * A run that goes on.
   *
   * @param href its page
   * @param name its id
   * @param target its service
   * @param progress where it is
   */
  public record Live(String href, String name, String target, Progress progress) {}

  /**
   * Where a run is.
   *
   * @param phases each phase with its limit
   * @param percent of the expected time
   * @param message all of it in words
   * @param error the newest error text; empty when there was none
   */
  public record Progress(List<Phase> phases, long percent, String message, String error) {}

  /** A phase; its state is {@code done}, {@code now} or {@code next}. */
  public record Phase(String name, String state, String limit) {}

  /** What aiperf takes around the measured time is learnt when a run is first looked at. */
  private record Watched(String since, Duration overhead, RunProgress gauge) {}

  private final WebContext place;
  private final Map<String, Watched> watched = new HashMap<>();

  LiveRuns(WebContext place) {
    this.place = place;
  }

  /** All that go on. */
  synchronized List<Live> all() throws IOException {
    List<DaemonStatus.Underway> underway = place.status().get().underway();
    watched
        .keySet()
        .retainAll(underway.stream().map(DaemonStatus.Underway::run).collect(Collectors.toSet()));
    List<Live> live = new ArrayList<>();
    for (DaemonStatus.Underway each : underway) {
      live.add(live(each));
    }
    return live;
  }

  private Live live(DaemonStatus.Underway underway) throws IOException {
    Batch batch = place.batches().load(Path.of(underway.batchFolder()));
    Run run = batch.run(underway.runIndex());
    Watched gauge =
        watched.compute(
            underway.run(),
            (id, known) ->
                known != null && known.since().equals(underway.since())
                    ? known
                    : new Watched(
                        underway.since(),
                        BatchProgress.overhead(batch),
                        new RunProgress(run.folder())));
    return new Live(
        RunLinks.run(run),
        run.id(),
        Target.of(run.parameters().url()).toString(),
        progress(run, gauge));
  }

  private Progress progress(Run run, Watched watched) {
    RunProgress.Reading now = watched.gauge().look();
    Duration elapsed =
        Duration.between(OffsetDateTime.parse(watched.since()), OffsetDateTime.now());
    Duration whole =
        Duration.ofSeconds(run.parameters().benchmarkDuration()).plus(watched.overhead());
    Duration left = whole.minus(elapsed);
    boolean warming = now.phase().equals("warm-up");
    List<String> message = new ArrayList<>();
    message.add(now.phase());
    message.add(
        OneLine.count(warming ? now.warmup() : now.measured())
            + (now.target() > 0 ? " of " + OneLine.count(now.target()) : "")
            + (warming ? " warm-up requests done" : " requests done"));
    message.add(OneLine.count(now.errors()) + " failed");
    message.add(DisplayTime.span(elapsed) + " elapsed");
    message.add(
        left.isNegative() ? "longer than expected" : "about " + DisplayTime.span(left) + " left");
    long percent = Math.min(99, 100 * elapsed.toMillis() / Math.max(1, whole.toMillis()));
    return new Progress(
        phases(run, now.phase()),
        percent,
        String.join(" · ", message),
        RunErrors.newest(run, now, new LiveOutputMask(place.keys())));
  }

  private static List<Phase> phases(Run run, String now) {
    Limits limits = run.batch().config().limits();
    List<String> of =
        List.of(
            DisplayTime.limit(limits.startUp()),
            DisplayTime.limit(limits.warmUp()),
            DisplayTime.limit(limits.measuring(run.parameters())),
            DisplayTime.limit(limits.export()));
    int at = Math.max(0, PHASES.indexOf(now));
    List<Phase> phases = new ArrayList<>();
    for (int index = 0; index < PHASES.size(); index++) {
      String state = index < at ? "done" : index == at ? "now" : "next";
      phases.add(new Phase(PHASES.get(index), state, of.get(index)));
    }
    return phases;
  }
}
