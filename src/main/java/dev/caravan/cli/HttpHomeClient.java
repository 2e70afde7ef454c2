package dev.caravan.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.config.Overrides;
import dev.caravan.config.text.Plural;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.model.Batch;
import dev.caravan.observe.report.BatchEntry;
import dev.caravan.observe.report.ReportMetric;
import dev.caravan.pipeline.accept.ControlRequest;
import dev.caravan.pipeline.accept.GivenConfig;
import dev.caravan.pipeline.dispatch.RunSelection;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Works through the HTTP API of a home's daemon, which may be on another machine. */
final class HttpHomeClient implements HomeClient {

  private static final int PAGE_SIZE = 1000;

  private final RemoteServer server;

  private record Retry(
      String why, boolean force, boolean failed, Map<String, String> where, boolean all) {}

  private record Cancel(String why, Map<String, String> where) {}

  private record PauseOrResume(
      String why, @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> target) {}

  /** A client for the home of this daemon. */
  HttpHomeClient(RemoteServer server) {
    this.server = server;
  }

  @Override
  public String cancel(String name, Map<String, String> where, String why)
      throws IOException, InterruptedException {
    RemoteServer.Match match = server.find(name);
    return "Cancel "
        + match.id()
        + ": "
        + server.postControl(match.path() + "/cancel", new Cancel(why, where));
  }

  @Override
  public String retry(String name, RunSelection selection, boolean force, String why)
      throws IOException, InterruptedException {
    RemoteServer.Match match = server.find(name);
    boolean isFailedOnly = selection.ends() == RunSelection.Ends.FAILED;
    Retry body = new Retry(why, force, isFailedOnly, selection.where(), !isFailedOnly);
    return "Retry " + match.id() + ": " + server.postControl(match.path() + "/retry", body);
  }

  @Override
  public String pauseOrResume(
      ControlRequest.Action action, Optional<String> name, Optional<String> target, String why)
      throws IOException, InterruptedException {
    PauseOrResume body = new PauseOrResume(why, target);
    String verb = action.name().toLowerCase(Locale.ROOT);
    if (name.isEmpty()) {
      return HomeClient.done(action, target.orElse(EVERYTHING), server.postControl(verb, body));
    }
    RemoteServer.Match match = server.find(name.get());
    if (match.isRun()) {
      throw new IOException(NOT_A_RUN);
    }
    if (target.isPresent()) {
      throw new IOException("name a batch or a --target, not both");
    }
    return HomeClient.done(action, match.id(), server.postControl(match.path() + "/" + verb, body));
  }

  @Override
  public HomeStatus status() throws IOException, InterruptedException {
    try {
      return HomeStatus.of(server.get("status"));
    } catch (IllegalArgumentException e) {
      throw new IOException("the daemon's status cannot be read: " + e.getMessage(), e);
    }
  }

  /** Fetches all batches of the daemon, page by page. */
  @Override
  public List<BatchEntry> batches(List<Path> folders) throws IOException, InterruptedException {
    if (!folders.isEmpty()) {
      throw new IOException("--server lists the batches of that daemon; do not name folders");
    }
    List<BatchEntry> entries = new ArrayList<>();
    JsonNode page = server.get("list?limit=" + PAGE_SIZE);
    for (int offset = PAGE_SIZE; ; offset += PAGE_SIZE) {
      for (JsonNode entry : page.path("batches")) {
        entries.add(Json.read(entry.toString(), BatchEntry.class));
      }
      if (page.path("total").asInt() <= offset) {
        return entries;
      }
      page = server.get("list?limit=" + PAGE_SIZE + "&offset=" + offset);
    }
  }

  /** The report made by the daemon, which also resolves the names. */
  @Override
  public Report report(List<String> names, ReportFormat format, List<ReportMetric> metrics)
      throws IOException, InterruptedException {
    List<String> ids = new ArrayList<>();
    for (String name : names) {
      RemoteServer.Match match = server.find(name);
      if (match.isRun()) {
        throw new IOException("with --server only batches can be reported, not a single run");
      }
      ids.add(match.batch());
    }
    String path = RemoteServer.reportPath(ids, format.name().toLowerCase(Locale.ROOT));
    String columns = metrics.stream().map(ReportMetric::column).collect(Collectors.joining(","));
    byte[] text = server.bytes(path + (columns.isEmpty() ? "" : "&metrics=" + columns));
    return new Report(new String(text, StandardCharsets.UTF_8), Path.of(""));
  }

  /** Checks by the rules of the daemon, which has its own API keys and datasets. */
  @Override
  public String validate(Path file, Overrides overrides, Consumer<String> warn)
      throws ConfigRefusedException, IOException, InterruptedException {
    JsonNode result = server.postConfig("validate", read(file, overrides));
    result.path("warnings").forEach(warning -> warn.accept(warning.asText()));
    return Plural.runs(result.path("runs").asInt(), !result.path("search").asText("").isEmpty());
  }

  @Override
  public void plan(Path file, Overrides overrides, PrintWriter out, Consumer<String> warn)
      throws ConfigRefusedException, IOException, InterruptedException {
    JsonNode plan = server.postConfig("plan", read(file, overrides));
    PlanPrinter.print(plan, out);
    plan.path("warnings").forEach(warning -> warn.accept(warning.asText()));
  }

  @Override
  public Submission submit(Path file, Overrides overrides)
      throws ConfigRefusedException, IOException, InterruptedException {
    JsonNode response = server.postConfig("batches", read(file, overrides));
    return new Posted(server, response.path("id").asText(""), response.path("file").asText());
  }

  /** The overrides go in the body: an address has less room, and is logged by proxies. */
  private static byte[] read(Path file, Overrides overrides) throws ConfigRefusedException {
    return GivenConfig.read(file, file.toString()).with(overrides).bytes();
  }

  /** A posted config: its batch, or its file while the daemon has not accepted it. */
  private record Posted(RemoteServer server, String id, String file) implements Submission {

    @Override
    public String name() {
      return canBeFollowed() ? id : file;
    }

    @Override
    public boolean canBeFollowed() {
      return !id.isEmpty();
    }

    @Override
    public Optional<FollowedBatch> batch() throws IOException, InterruptedException {
      return Optional.of(RemoteFollowedBatch.open(server, id));
    }
  }

  @Override
  public FollowedBatch batch(Optional<String> name) throws IOException, InterruptedException {
    String id =
        name.isPresent()
            ? server.find(name.get()).batch()
            : server.get("status").path("queue").path(0).path("batch").asText("");
    if (id.isEmpty()) {
      throw new IOException("no unfinished batch there");
    }
    return RemoteFollowedBatch.open(server, id);
  }

  @Override
  public void write(RunOutputs outputs, List<Batch> batches)
      throws IOException, InterruptedException {
    if (outputs.isRequested() && !batches.isEmpty()) {
      List<String> ids = batches.stream().map(Batch::id).toList();
      RemoteServer patient = server.patient();
      byte[] json = patient.bytes(RemoteServer.reportPath(ids, "json"));
      byte[] junit =
          patient.bytes(
              RemoteServer.reportPath(ids, "junit") + "&fail_on=" + outputs.failOn().value());
      outputs.write(new String(json, StandardCharsets.UTF_8).strip(), junit);
    }
  }
}
