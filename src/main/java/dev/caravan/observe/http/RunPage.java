package dev.caravan.observe.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.caravan.model.Batch;
import dev.caravan.model.BatchRecord;
import dev.caravan.model.Run;
import dev.caravan.observe.report.Fact;
import dev.caravan.observe.report.ReportJson;
import dev.caravan.observe.report.RequestData;
import dev.caravan.observe.report.RequestReader;
import dev.caravan.pipeline.dispatch.ControlPreconditions;
import dev.caravan.pipeline.outcome.GpuTelemetry;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.process.AiperfArguments;
import dev.caravan.storage.Json;
import dev.caravan.storage.RegularFiles;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The page of a run, in progress or ended. */
final class RunPage {

  private static final int TAIL_BYTES = 16 << 10;
  private static final int MAX_REQUESTS = 4000;
  private static final long MAX_READ_LIVE = 8L << 20;
  private static final long MAX_READ_ENDED = 64L << 20;

  private final BatchCatalog batchCatalog;
  private final LiveRuns liveRuns;
  private final Pages pages;
  private final LiveOutputMask liveOutputMask;

  RunPage(WebContext context, BatchCatalog batchCatalog, LiveRuns liveRuns) {
    this.batchCatalog = batchCatalog;
    this.liveRuns = liveRuns;
    this.pages = new Pages(context);
    this.liveOutputMask = new LiveOutputMask(context.keys());
  }

  void routes(Routes routes) {
    String run = "/batches/:name/:time/runs/:index";
    routes.on("GET", run, (request, path) -> page(run(path)));
    routes.on("GET", "/fragments" + run, (request, path) -> live(path));
    routes.on("GET", "/data" + run, (request, path) -> data(run(path)));
  }

  private Run run(Map<String, String> path) throws HttpProblemException, IOException {
    Batch batch = batchCatalog.batch(BatchApi.id(path));
    return batch.run(BatchApi.index(batch, path.get("index")));
  }

  private HttpResponse live(Map<String, String> path) throws HttpProblemException, IOException {
    Run run = run(path);
    State state = state(run);
    return pages.fragment("run-live", live(run, state), RunFindings.of(state.end()));
  }

  /** The part of the page that follows the run; {@code pageState} changes when the rest does. */
  record Live(
      String id,
      String href,
      boolean running,
      LiveRuns.Progress progress,
      String lastCompleted,
      long concurrency,
      String state,
      String cause,
      boolean ended,
      boolean completed,
      String pageState) {}

  /** The progress of a run, or its end; a run that waits has neither. */
  record State(Optional<LiveRuns.LiveRun> live, Optional<Head> end) {}

  private State state(Run run) throws IOException {
    Optional<LiveRuns.LiveRun> liveRun =
        liveRuns.all().stream().filter(live -> live.href().equals(RunLinks.run(run))).findFirst();
    return new State(
        liveRun, liveRun.isPresent() ? Optional.empty() : ControlPreconditions.finalResult(run));
  }

  static Live live(Run run, State state) {
    boolean running = state.live().isPresent();
    Optional<Head> end = state.end();
    return new Live(
        run.id(),
        RunLinks.run(run),
        running,
        state.live().map(LiveRuns.LiveRun::progress).orElse(LiveRuns.Progress.NONE),
        running ? RunErrors.lastCompleted(run) : "",
        run.parameters().concurrency(),
        running ? "running" : end.map(e -> e.status().value()).orElse("no result yet"),
        end.map(Head::cause).orElse("").replace('_', ' '),
        end.isPresent(),
        end.filter(e -> e.status().isCompleted()).isPresent(),
        state
            .live()
            .map(live -> "running " + live.since())
            .orElseGet(() -> end.map(RunPage::ending).orElse("waiting")));
  }

  /**
   * Identifies the end of an attempt, so that a page that missed the next attempt notices its end.
   */
  private static String ending(Head end) {
    return end.status().value() + " " + end.attempt() + " " + end.endedAt().toEpochSecond();
  }

  /** Where the run is in its batch, with links; an absent one is empty. */
  record Position(
      String batch,
      String batchHref,
      String position,
      String previous,
      String next,
      Set<Map.Entry<String, Object>> values) {

    static Position of(Run run) {
      String batch = run.batch().id();
      int index = run.index();
      IntFunction<String> link = each -> RunLinks.run(batch, each);
      IntPredicate isMade =
          each -> run.batch().search().isEmpty() || Files.exists(run.batch().run(each).folder());
      IntStream before = run.batch().indexes().takeWhile(each -> each < index);
      OptionalInt previous = before.filter(isMade).max();
      OptionalInt next =
          run.batch().indexes().filter(each -> each > index).filter(isMade).findFirst();
      return new Position(
          batch,
          RunLinks.batch(batch),
          run.position().replace("/", " of "),
          previous.stream().mapToObj(link).findFirst().orElse(""),
          next.stream().mapToObj(link).findFirst().orElse(""),
          values(run).entrySet());
    }

    private static Map<String, Object> values(Run run) {
      Map<String, Object> values = new LinkedHashMap<>(run.sweepValues());
      values.putAll(run.comparison());
      return values;
    }
  }

  /** The part of the page that stays. */
  record Details(
      List<Fact> facts,
      List<RunAttempts.Attempt> attempts,
      Set<Map.Entry<String, String>> tokens,
      Set<Map.Entry<String, RunPageMetrics.Shown>> metrics,
      String command,
      String stdout,
      String stderr,
      String log,
      List<RunFileLinks.Link> files) {}

  private HttpResponse page(Run run) throws IOException {
    RunFolder folder = new RunFolder(run.folder());
    State state = state(run);
    CheckResults checks =
        ControlPreconditions.finalResult(run).map(Head::checks).orElse(CheckResults.NONE);
    Details details =
        new Details(
            facts(run),
            RunAttempts.earlier(run),
            RunPageMetrics.tokens(run).entrySet(),
            RunPageMetrics.of(run, checks).entrySet(),
            command(run),
            liveOutputMask.tail(run, folder.stdout(), TAIL_BYTES),
            liveOutputMask.tail(run, folder.stderr(), TAIL_BYTES),
            liveOutputMask.tail(run, folder.aiperfLog(), TAIL_BYTES),
            RunFileLinks.of(run));
    return pages.pageWithPlots(
        "run",
        "batch",
        run.id(),
        live(run, state),
        RunFindings.of(state.end()),
        Position.of(run),
        details);
  }

  private static List<Fact> facts(Run run) {
    Stream<Fact> attempt =
        ControlPreconditions.finalResult(run).stream()
            .flatMap(
                end ->
                    Stream.of(
                        new Fact("Started", DisplayTime.of(end.startedAt())),
                        new Fact("Ended", DisplayTime.of(end.endedAt())),
                        new Fact("Duration", DisplayTime.span(end.duration())),
                        new Fact("Attempt", String.valueOf(end.attempt())),
                        new Fact("aiperf", end.aiperfVersion())));
    BatchRecord record = run.batch().record();
    return Fact.known(
        Stream.concat(
            attempt,
            Stream.of(
                new Fact("Model", run.parameters().model()),
                new Fact("URL", run.parameters().url()),
                new Fact("Caravan", record.versions().caravan()),
                new Fact("Host", record.host()),
                new Fact("Folder", run.folder().toString()))));
  }

  /** The command that was executed, or that will be if the run has not started. */
  private static String command(Run run) {
    RunFolder folder = new RunFolder(run.folder());
    List<String> args = new ArrayList<>();
    content(folder.processResult()).path("args").forEach(arg -> args.add(arg.asText()));
    String recorded =
        args.isEmpty()
            ? content(folder.runMetadata()).path("command").asText()
            : String.join(" ", args);
    return recorded.isEmpty() ? AiperfArguments.shellLine(run.sent(1), run.folder()) : recorded;
  }

  /**
   * The content of a JSON file of the run; empty if it is absent or damaged, so that the page shows
   * the rest.
   */
  private static JsonNode content(Path file) {
    try {
      return RegularFiles.exists(file)
          ? Json.read(file, JsonNode.class)
          : MissingNode.getInstance();
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  private HttpResponse data(Run run) throws IOException {
    boolean ended = ControlPreconditions.finalResult(run).isPresent();
    Optional<RequestData> requests =
        Files.isRegularFile(new RunFolder(run.folder()).requests())
                && !liveOutputMask.withholds(run)
            ? new RequestReader(MAX_REQUESTS, ended ? MAX_READ_ENDED : MAX_READ_LIVE)
                .read(run.folder())
            : Optional.empty();
    // They take long to read, which is not done while a run is measured.
    GpuTelemetry gpus = ended ? GpuTelemetry.of(run.folder()) : GpuTelemetry.NONE;
    String json =
        requests
            .map(found -> ReportJson.of(found, run.parameters().concurrency(), gpus))
            .orElse("null");
    String masked = ended ? json : liveOutputMask.mask(run, json);
    return HttpResponse.of(200, "application/json", masked.getBytes(StandardCharsets.UTF_8));
  }
}
