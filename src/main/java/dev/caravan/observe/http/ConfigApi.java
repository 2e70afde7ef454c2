package dev.caravan.observe.http;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.Hook;
import dev.caravan.config.HookEvent;
import dev.caravan.config.Overrides;
import dev.caravan.config.text.DisplayText;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.config.yaml.YamlSource;
import dev.caravan.model.plan.PlanTime;
import dev.caravan.model.plan.Sweep;
import dev.caravan.observe.report.BatchReader;
import dev.caravan.observe.report.GracePeriodCheck;
import dev.caravan.pipeline.accept.GivenConfig;
import dev.caravan.pipeline.accept.InboxSubmission;
import dev.caravan.pipeline.outcome.SearchText;
import dev.caravan.pipeline.process.AiperfArguments;
import dev.caravan.storage.BatchFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Validates, plans and submits configs over HTTP. */
final class ConfigApi {

  private static final String FILE_NAME = BatchFolder.CONFIG;
  private static final String NAME = "name";
  private static final String LABEL = "label";
  private static final String SET = "set";
  private static final List<String> OVERRIDES = List.of(NAME, LABEL, SET);
  private static final int MAX_PLANNED = 1000;

  /** What is read of a config takes a hundred times its size in memory. */
  private static final int LARGE_BYTES = 64 << 10;

  private static final long ACCEPT_TIMEOUT_SECONDS = 10;

  private final WebContext context;
  private final Turns large = new Turns(Duration.ofMinutes(1));

  ConfigApi(WebContext context) {
    this.context = context;
  }

  void routes(Routes routes) {
    routes.on("POST", "/api/v1/batches", (request, path) -> inTurn(request, () -> submit(request)));
    routes.on(
        "POST", "/api/v1/validate", (request, path) -> inTurn(request, () -> validate(request)));
    routes.on("POST", "/api/v1/plan", (request, path) -> inTurn(request, () -> plan(request)));
  }

  /** Answers requests with large configs one after the other, as all at once need not fit. */
  HttpResponse inTurn(HttpRequest request, Turns.Answer answer) throws Exception {
    return request.body().length > LARGE_BYTES ? large.take(answer) : answer.make();
  }

  /**
   * Parses a config with the overrides in the query, by the rules for configs submitted over HTTP.
   *
   * @throws HttpProblemException with status 422 and the member {@code problems}, 400 or 413
   */
  Checked read(byte[] yaml, HttpRequest request) throws HttpProblemException {
    if (yaml.length > YamlSource.MAX_BYTES) {
      throw new HttpProblemException(413, "the config is larger than 1 MiB");
    }
    Overrides overrides = overrides(request);
    try {
      GivenConfig given = GivenConfig.of(yaml, FILE_NAME).with(overrides);
      return new Checked(given, given.check(context.rules(), FILE_NAME));
    } catch (ConfigRefusedException e) {
      throw new HttpProblemException(
          422,
          e.problems().size() == 1
              ? "1 problem in this config"
              : e.problems().size() + " problems in this config",
          Map.of("problems", e.problems()));
    }
  }

  /** A config as it was given, and as it was read. */
  record Checked(GivenConfig given, BenchmarkConfig config) {}

  /** A misspelt parameter would change nothing in silence. */
  private static Overrides overrides(HttpRequest request) throws HttpProblemException {
    for (String name : request.query().keySet()) {
      if (!OVERRIDES.contains(name)) {
        throw new HttpProblemException(
            400,
            "unknown parameter "
                + DisplayText.quoted(name)
                + "; valid parameters: "
                + String.join(", ", OVERRIDES));
      }
    }
    return Overrides.of(
        request.parameter(NAME), request.parameters(LABEL), request.parameters(SET));
  }

  /** Writes a config to the inbox, then waits up to ten seconds for it to be accepted. */
  Submitted submit(byte[] yaml, HttpRequest request)
      throws HttpProblemException, IOException, InterruptedException {
    Checked checked = read(yaml, request);
    BenchmarkConfig config = checked.config();
    List<String> warnings = warnings(config);
    InboxSubmission.Submitted placed =
        new InboxSubmission(context.home())
            .submit(stem(config), checked.given(), Optional.of("http " + request.remote()));
    CompletableFuture<String> accepted = context.pageUpdates().acceptance(placed.name());
    try {
      boolean isBatch = config.rerun().isEmpty();
      return new Submitted(
          placed.name(),
          isBatch
              ? Optional.of(accepted.get(ACCEPT_TIMEOUT_SECONDS, TimeUnit.SECONDS))
              : config.rerun().map(rerun -> rerun.batch()),
          warnings);
    } catch (TimeoutException e) {
      return new Submitted(placed.name(), Optional.empty(), warnings);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /** A submitted config: its file name in the inbox, and the batch's id once it is accepted. */
  record Submitted(String file, Optional<String> batch, List<String> warnings) {}

  private record Receipt(String id, String file, String state, List<String> warnings) {}

  private record Plan(
      int total,
      long measuredSeconds,
      long coolDownSeconds,
      int runsWithoutDuration,
      boolean varyPrompts,
      String search,
      List<PlannedHook> hooks,
      List<PlannedRun> runs,
      List<String> warnings) {}

  private record PlannedHook(String event, String hook, String onFailure) {

    static List<PlannedHook> of(BenchmarkConfig config) {
      return config.hooks().entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .map(each -> of(each.getKey(), each.getValue()))
          .toList();
    }

    private static PlannedHook of(HookEvent event, Hook hook) {
      return new PlannedHook(event.key(), hook.name(), hook.onFailure().value());
    }
  }

  /** A run of a plan. */
  public record PlannedRun(int runIndex, String folder, String command) {}

  private record Validity(int runs, String search, List<String> warnings) {}

  private static String stem(BenchmarkConfig config) {
    String plain = config.batchName().replaceAll("[^A-Za-z0-9_.-]", "_");
    return "http-" + plain.substring(0, Math.min(80, plain.length()));
  }

  private HttpResponse submit(HttpRequest request) throws Exception {
    Submitted submitted = submit(request.body(), request);
    Receipt receipt =
        new Receipt(
            submitted.batch().orElse(null),
            submitted.file(),
            submitted.batch().isPresent() ? "accepted" : "waiting",
            submitted.warnings());
    HttpResponse response = HttpResponse.json(202, receipt);
    return submitted
        .batch()
        .map(id -> response.with("Location", "/api/v1/batches/" + UrlPaths.path(id)))
        .orElse(response);
  }

  private HttpResponse validate(HttpRequest request) throws HttpProblemException {
    BenchmarkConfig config = read(request.body(), request).config();
    return HttpResponse.json(
        200, new Validity(new Sweep(config).runs(), search(config), warnings(config)));
  }

  private HttpResponse plan(HttpRequest request) throws HttpProblemException {
    BenchmarkConfig config = read(request.body(), request).config();
    Sweep sweep = new Sweep(config);
    PlanTime time = PlanTime.of(config);
    return HttpResponse.json(
        200,
        new Plan(
            sweep.runs(),
            time.measured().toSeconds(),
            time.pauses().toSeconds(),
            time.unlimited(),
            config.variesPrompts(),
            search(config),
            PlannedHook.of(config),
            runs(config, sweep, MAX_PLANNED),
            warnings(config)));
  }

  /** What a config searches, in words; empty without a search. */
  static String search(BenchmarkConfig config) {
    return config.matrix().search().map(search -> SearchText.plan(config)).orElse("");
  }

  private Path parent(BenchmarkConfig config) {
    return context.outputs().batches(config.outputBaseDir(), config.batchName());
  }

  List<String> warnings(BenchmarkConfig config) {
    List<String> warnings = new ArrayList<>(config.warnings());
    new GracePeriodCheck(new BatchReader(context.batches()))
        .warning(config, parent(config))
        .ifPresent(warnings::add);
    return warnings;
  }

  /** The first {@code max} runs: index, folder and command; of a search, only the first. */
  List<PlannedRun> runs(BenchmarkConfig config, Sweep sweep, int max) {
    Path folder = parent(config).resolve("<timestamp>");
    return sweep
        .indexes()
        .limit(sweep.search().isPresent() ? 1 : max)
        .mapToObj(index -> planned(index, sweep, folder.resolve(sweep.folder(index))))
        .toList();
  }

  private PlannedRun planned(int index, Sweep sweep, Path folder) {
    String command = AiperfArguments.shellLine(sweep.sent(index, 1), folder);
    return new PlannedRun(index, context.home().display(folder), command);
  }
}
