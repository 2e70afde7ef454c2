package dev.caravan.observe.http;

import dev.caravan.config.Limits;
import dev.caravan.config.Target;
import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.observe.report.BatchProgress;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.pipeline.run.RunProgress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The runs in progress, as pages show them. Files are read only while a page is open. */
final class LiveRuns {

  private static final List<String> PHASES = List.of("start-up", "warm-up", "measuring", "export");

  /**
   * A run in progress.
   *
   * @param href path of its page
   * @param name its id
   * @param target its service
   * @param since when its attempt began
   * @param progress how far it is
   */
  public record LiveRun(String href, String name, String target, String since, Progress progress) {}

  /**
   * The progress of a run.
   *
   * @param phases each phase with its limit
   * @param percent elapsed share of the expected duration
   * @param message the progress as text
   * @param rates what it delivers at present; empty unless it measures
   * @param error the latest error text; empty when there was none
   */
  public record Progress(
      List<Phase> phases, long percent, String message, String rates, String error) {

    static final Progress NONE = new Progress(List.of(), 0, "", "", "");
  }

  /** A phase; its state is {@code done}, {@code now} or {@code next}. */
  public record Phase(String name, String state, String limit) {}

  /** A followed run; its time is estimated once, when following starts. */
  private record Followed(String since, Optional<Duration> expected, RunProgress progress) {}

  private final WebContext context;
  private final Map<String, Followed> followed = new HashMap<>();

  LiveRuns(WebContext context) {
    this.context = context;
  }

  /** All runs in progress. */
  synchronized List<LiveRun> all() throws IOException {
    List<DaemonStatus.Underway> underway = context.status().get().underway();
    followed
        .keySet()
        .retainAll(underway.stream().map(DaemonStatus.Underway::run).collect(Collectors.toSet()));
    List<LiveRun> live = new ArrayList<>();
    for (DaemonStatus.Underway each : underway) {
      live.add(live(each));
    }
    return live;
  }

  private LiveRun live(DaemonStatus.Underway underway) throws IOException {
    Batch batch = context.batches().load(Path.of(underway.batchFolder()));
    Run run = batch.run(underway.runIndex());
    Followed followedRun =
        followed.compute(
            underway.run(),
            (id, known) ->
                known != null && known.since().equals(underway.since())
                    ? known
                    : new Followed(
                        underway.since(),
                        BatchProgress.expected(run),
                        new RunProgress(run.folder())));
    return new LiveRun(
        RunLinks.run(run),
        run.id(),
        Target.of(run.parameters().url()).toString(),
        followedRun.since(),
        progress(run, followedRun));
  }

  private Progress progress(Run run, Followed followed) {
    RunProgress.Reading reading = followed.progress().read();
    Duration elapsed =
        Duration.between(OffsetDateTime.parse(followed.since()), OffsetDateTime.now());
    boolean warming = reading.phase().equals("warm-up");
    List<String> parts = new ArrayList<>();
    parts.add(reading.phase());
    parts.add(
        OneLine.count(warming ? reading.warmup() : reading.measured())
            + (reading.target() > 0 ? " of " + OneLine.count(reading.target()) : "")
            + (warming ? " warm-up requests done" : " requests done"));
    parts.add(OneLine.count(reading.errors()) + " failed");
    parts.add(DisplayTime.span(elapsed) + " elapsed");
    followed.expected().map(expected -> left(expected.minus(elapsed))).ifPresent(parts::add);
    long percent = followed.expected().map(expected -> percent(elapsed, expected)).orElse(0L);
    return new Progress(
        phases(run, reading.phase()),
        percent,
        String.join(" · ", parts),
        reading.phase().equals("measuring") ? LiveRates.of(run.folder(), Instant.now()) : "",
        RunErrors.latest(run, reading, new LiveOutputMask(context.keys())));
  }

  private static String left(Duration remaining) {
    return remaining.isNegative()
        ? "longer than expected"
        : "about " + DisplayTime.span(remaining) + " left";
  }

  private static long percent(Duration elapsed, Duration expected) {
    return Math.min(99, 100 * elapsed.toMillis() / Math.max(1, expected.toMillis()));
  }

  private static List<Phase> phases(Run run, String current) {
    Limits limits = run.batch().config().limits();
    List<String> phaseLimits =
        List.of(
            DisplayTime.limit(limits.startUp()),
            DisplayTime.limit(limits.warmUp()),
            DisplayTime.limit(limits.measuring(run.parameters())),
            DisplayTime.limit(limits.export()));
    int currentIndex = Math.max(0, PHASES.indexOf(current));
    List<Phase> phases = new ArrayList<>();
    for (int index = 0; index < PHASES.size(); index++) {
      String state = index < currentIndex ? "done" : index == currentIndex ? "now" : "next";
      phases.add(new Phase(PHASES.get(index), state, phaseLimits.get(index)));
    }
    return phases;
  }
}
