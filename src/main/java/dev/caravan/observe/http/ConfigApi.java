package dev.caravan.observe.http;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.ConfigReader;
import dev.caravan.config.Parameters;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.model.plan.Sweep;
import dev.caravan.pipeline.accept.InboxSubmission;
import dev.caravan.pipeline.process.AiperfArguments;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Configs that come by HTTP: checked, planned, and put into the inbox. */
final class ConfigApi {

  private static final String NAME = "config.yaml";
  private static final int MOST_SHOWN = 1000;
  private static final int MOST_BYTES = 1 << 20;
  private static final long PATIENCE_SECONDS = 10;

  private final WebContext place;

  ConfigApi(WebContext place) {
    this.place = place;
  }

  void routes(Router router) {
    router.on("POST", "/api/v1/batches", (ask, path) -> submit(ask));
    router.on("POST", "/api/v1/validate", (ask, path) -> validate(ask));
    router.on("POST", "/api/v1/plan", (ask, path) -> plan(ask));
  }

  /** The config in these bytes, by the rules of HTTP. */
  BenchmarkConfig read(byte[] yaml) throws HttpProblemException {
    if (yaml.length > MOST_BYTES) {
      throw new HttpProblemException(413, "a config has at most 1 MiB");
    }
    try {
      return new ConfigReader(place.rules()).read(yaml, NAME);
    } catch (ConfigRefusedException e) {
      throw new HttpProblemException(
          422,
          e.problems().size() == 1
              ? "one thing is wrong with the config"
              : e.problems().size() + " things are wrong with the config",
          problems(e));
    }
  }

  private static Map<String, Object> problems(ConfigRefusedException refused) {
    return Map.of("problems", refused.problems());
  }

  /** Puts a config into the inbox; the batch's id once it is accepted, or its name there. */
  Placed place(byte[] yaml, HttpRequest from)
      throws HttpProblemException, IOException, InterruptedException {
    BenchmarkConfig config = read(yaml);
    InboxSubmission.Submitted placed =
        new InboxSubmission(place.home())
            .submit(stem(config), yaml, Optional.of("http " + from.remote()));
    CompletableFuture<String> accepted = place.news().acceptance(placed.name());
    try {
      boolean isBatch = config.rerun().isEmpty();
      return new Placed(
          placed.name(),
          isBatch
              ? Optional.of(accepted.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
              : config.rerun().map(rerun -> rerun.batch()));
    } catch (TimeoutException e) {
      return new Placed(placed.name(), Optional.empty());
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /** What became of a config: its name in the inbox, and its batch when it has become one. */
  record Placed(String file, Optional<String> batch) {}

  private static String stem(BenchmarkConfig config) {
    String plain = config.batchName().replaceAll("[^A-Za-z0-9_.-]", "_");
    return "http-" + plain.substring(0, Math.min(80, plain.length()));
  }

  private HttpResponse submit(HttpRequest ask) throws Exception {
    Placed placed = place(ask.body(), ask);
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("id", placed.batch().orElse(null));
    content.put("file", placed.file());
    content.put("state", placed.batch().isPresent() ? "accepted" : "waiting to be accepted");
    HttpResponse reply = HttpResponse.json(202, content);
    return placed
        .batch()
        .map(id -> reply.with("Location", "/api/v1/batches/" + UrlPaths.path(id)))
        .orElse(reply);
  }

  private HttpResponse validate(HttpRequest ask) throws HttpProblemException {
    BenchmarkConfig config = read(ask.body());
    return HttpResponse.json(
        200, Map.of("runs", new Sweep(config).size(), "warnings", config.warnings()));
  }

  private HttpResponse plan(HttpRequest ask) throws HttpProblemException {
    BenchmarkConfig config = read(ask.body());
    Sweep sweep = new Sweep(config);
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("total", sweep.size());
    content.put("measured_seconds", seconds(sweep));
    content.put("runs", runs(config, sweep, MOST_SHOWN));
    return HttpResponse.json(200, content);
  }

  /** The first runs: folder and command. */
  List<Map<String, Object>> runs(BenchmarkConfig config, Sweep sweep, int most) {
    Path folder =
        place
            .outputs()
            .resolve(config.outputBaseDir())
            .resolve(config.batchName())
            .resolve("<timestamp>");
    List<Map<String, Object>> runs = new ArrayList<>();
    for (int index = 0; index < Math.min(most, sweep.size()); index++) {
      Parameters parameters = sweep.parameters(index);
      Path of = sweep.folder(index).isEmpty() ? folder : folder.resolve(sweep.folder(index));
      Map<String, Object> run = new LinkedHashMap<>();
      run.put("run_index", index);
      run.put("folder", place.home().display(of));
      run.put("command", AiperfArguments.shellLine(parameters, of, "none"));
      runs.add(run);
    }
    return runs;
  }

  /** What all runs measure, in seconds. */
  static long seconds(Sweep sweep) {
    long seconds = 0;
    for (int index = 0; index < sweep.size(); index++) {
      seconds += sweep.parameters(index).benchmarkDuration();
    }
    return seconds;
  }
}
