package dev.caravan.observe.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.observe.report.ReportJson;
import dev.caravan.observe.report.RequestData;
import dev.caravan.observe.report.RequestReader;
import dev.caravan.pipeline.dispatch.ControlPreconditions;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.process.AiperfArguments;
import dev.caravan.storage.Json;
import dev.caravan.storage.RegularFiles;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The page of a run, in progress or ended. */
final class RunPage {

  private static final int TAIL_BYTES = 16 << 10;
  private static final int MAX_REQUESTS = 4000;
  private static final long MAX_READ_LIVE = 8L << 20;
  private static final long MAX_READ_ENDED = 64L << 20;
  private static final int MAX_FILES = 500;

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

  /** A link to a file of the run. */
  public record FileLink(String name, String href, long size) {}

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
    return pages.fragment("run-live", live(run(path)));
  }

  private Map<String, Object> live(Run run) throws IOException {
    Optional<LiveRuns.LiveRun> liveRun =
        liveRuns.all().stream().filter(live -> live.href().equals(RunLinks.run(run))).findFirst();
    Optional<Head> end =
        liveRun.isPresent() ? Optional.empty() : ControlPreconditions.finalResult(run);
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("id", run.id());
    view.put("href", RunLinks.run(run));
    view.put("running", liveRun.isPresent());
    view.put("progress", liveRun.<Object>map(LiveRuns.LiveRun::progress).orElse(""));
    view.put("lastCompleted", liveRun.isPresent() ? RunErrors.lastCompleted(run) : "");
    view.put("concurrency", run.parameters().concurrency());
    view.put(
        "state",
        liveRun.isPresent() ? "running" : end.map(e -> e.status().value()).orElse("no result yet"));
    view.put("cause", end.map(Head::cause).orElse("").replace('_', ' '));
    RunFindings.put(end, view);
    view.put("ended", end.isPresent());
    view.put(
        "completed", end.filter(e -> e.status().counts() == Outcome.Counts.COMPLETED).isPresent());
    return view;
  }

  private HttpResponse page(Run run) throws IOException {
    RunFolder folder = new RunFolder(run.folder());
    Map<String, Object> view = live(run);
    view.put("plots", true);
    view.put("batch", run.batch().id());
    view.put("batchHref", RunLinks.batch(run.batch().id()));
    view.put("number", run.index() + 1);
    view.put("total", run.batch().size());
    view.put("previous", run.index() > 0 ? RunLinks.run(run.batch().id(), run.index() - 1) : "");
    view.put(
        "next",
        run.index() + 1 < run.batch().size()
            ? RunLinks.run(run.batch().id(), run.index() + 1)
            : "");
    view.put("sweepValues", run.sweepValues().entrySet());
    view.put("facts", facts(run));
    view.put("attempts", RunAttempts.earlier(run));
    view.put("tokens", RunPageMetrics.tokens(run).entrySet());
    CheckResults checks =
        ControlPreconditions.finalResult(run).map(Head::checks).orElse(CheckResults.NONE);
    view.put("metrics", RunPageMetrics.of(run, checks).entrySet());
    view.put("command", command(run));
    view.put("stdout", liveOutputMask.tail(run, folder.stdout(), TAIL_BYTES));
    view.put("stderr", liveOutputMask.tail(run, folder.stderr(), TAIL_BYTES));
    view.put("log", liveOutputMask.tail(run, folder.aiperfLog(), TAIL_BYTES));
    view.put("files", files(run));
    return pages.page("run", "batch", run.id(), view);
  }

  private static Map<String, String> facts(Run run) {
    Map<String, String> facts = new LinkedHashMap<>();
    ControlPreconditions.finalResult(run)
        .ifPresent(
            end -> {
              facts.put("Started", DisplayTime.of(end.startedAt()));
              facts.put("Ended", DisplayTime.of(end.endedAt()));
              facts.put("Duration", DisplayTime.span(end.duration()));
              facts.put("Attempt", String.valueOf(end.attempt()));
              facts.put("aiperf", end.aiperfVersion());
            });
    facts.put("Model", run.parameters().model());
    facts.put("URL", run.parameters().url());
    facts.put("Caravan", String.valueOf(run.batch().record().versions().caravan()));
    facts.put("Host", run.batch().record().host());
    facts.put("Folder", run.folder().toString());
    facts.values().removeIf(String::isEmpty);
    return facts;
  }

  /** The command that was executed, or that will be if the run has not started. */
  private static String command(Run run) throws IOException {
    Path result = new RunFolder(run.folder()).processResult();
    if (RegularFiles.exists(result)) {
      List<String> args = new ArrayList<>();
      for (JsonNode arg : Json.read(result, JsonNode.class).path("args")) {
        args.add(arg.asText());
      }
      if (!args.isEmpty()) {
        return String.join(" ", args);
      }
    }
    Path metadata = new RunFolder(run.folder()).runMetadata();
    return RegularFiles.exists(metadata)
        ? Json.read(metadata, JsonNode.class).path("command").asText()
        : AiperfArguments.shellLine(run.sent(1), run.folder());
  }

  private static List<FileLink> files(Run run) throws IOException {
    if (!Files.isDirectory(run.folder())) {
      return List.of();
    }
    String base = "/api/v1/batches/" + UrlPaths.path(run.batch().id()) + "/files/";
    List<FileLink> links = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(run.folder(), 4)) {
      for (Path file : walk.sorted().limit(MAX_FILES).toList()) {
        if (!LiveOutputMask.isWithheld(file)
            && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          String name = run.batch().folder().relativize(file).toString();
          links.add(new FileLink(name, base + UrlPaths.path(name), Files.size(file)));
        }
      }
    }
    return links;
  }

  private HttpResponse data(Run run) throws IOException {
    boolean ended = ControlPreconditions.finalResult(run).isPresent();
    Optional<RequestData> requests =
        Files.isRegularFile(new RunFolder(run.folder()).requests())
                && !liveOutputMask.withholds(run)
            ? new RequestReader(MAX_REQUESTS, ended ? MAX_READ_ENDED : MAX_READ_LIVE)
                .read(run.folder())
            : Optional.empty();
    String json =
        requests.map(found -> ReportJson.of(found, run.parameters().concurrency())).orElse("null");
    String masked = ended ? json : liveOutputMask.mask(run, json);
    return HttpResponse.of(200, "application/json", masked.getBytes(StandardCharsets.UTF_8));
  }
}
