package dev.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.hub.WorkerView;
import dev.caravan.fleet.hub.WorkersFile;
import dev.caravan.model.HomeControl;
import dev.caravan.observe.report.BatchQueue;
import dev.caravan.observe.report.QueueEntry;
import dev.caravan.observe.report.QueueTable;
import dev.caravan.observe.report.WorkerTable;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.accept.OpenBatches;
import dev.caravan.pipeline.dispatch.ControlFileProcessor;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.HomeLock;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code caravan status}: shows the state of the daemon and its queue. */
@Command(
    name = "status",
    description =
        "Shows the daemon's state and its queue, with the expected start and end of each batch.",
    mixinStandardHelpOptions = true,
    footerHeading = CaravanCommand.EXAMPLE,
    footer = "  caravan status --server http://bench-host:8090")
final class StatusCommand implements Callable<Integer> {

  @ParentCommand private CaravanCommand caravan;

  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Optional<RemoteServer> server = caravan.server();
    if (server.isPresent()) {
      return remote(server.get());
    }
    Settings settings = caravan.settingsOfNearestHome();
    Home home = new Home(settings.home());
    DurableFiles files = new DurableFiles();
    OffsetDateTime now = OffsetDateTime.now().truncatedTo(ChronoUnit.SECONDS);
    Optional<DaemonStatus> daemon =
        HomeLock.isHeld(home) ? DaemonStatus.of(home) : Optional.empty();
    HomeControl control = HomeControl.of(home);
    BatchFinder finder = new BatchFinder(home, List.of(), new OpenBatches(home, files));
    List<QueueEntry> entries =
        new BatchQueue(new BatchStore(files), new ControlStore(files), control, daemon, now)
            .entries(finder.unfinished(), settings.count(Setting.WORKERS, 1));
    Optional<List<WorkerView>> workers = daemon.flatMap(d -> WorkersFile.read(home, d.pid()));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Map<String, Object> content = content(home, HomeLock.isHeld(home), daemon, control, entries);
      workers.ifPresent(all -> content.put("workers", all));
      out.println(Json.text(content));
    } else {
      print(out, home, daemon, control);
      workers.ifPresent(all -> out.print(WorkerTable.text(all)));
      out.print(entries.isEmpty() ? "Queue is empty.\n" : new QueueTable(now).text(entries));
    }
    out.flush();
    return Exit.OK;
  }

  private int remote(RemoteServer server) throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    try {
      JsonNode status = server.get("status");
      if (json) {
        out.println(status.toPrettyString());
      } else {
        List<QueueEntry> entries = new ArrayList<>();
        status.path("queue").forEach(entry -> entries.add(entry(entry)));
        out.println("Daemon running for " + status.path("home").asText());
        printPauses(
            out,
            Optional.of(Json.read(status.path("daemon").toString(), DaemonStatus.class)),
            Json.read(status.path("orders").toString(), HomeControl.class));
        if (status.has("workers")) {
          List<WorkerView> workers = new ArrayList<>();
          status
              .path("workers")
              .forEach(w -> workers.add(Json.read(w.toString(), WorkerView.class)));
          out.print(WorkerTable.text(workers));
        }
        out.print(
            entries.isEmpty()
                ? "Queue is empty.\n"
                : new QueueTable(OffsetDateTime.now()).text(entries));
      }
      out.flush();
      return Exit.OK;
    } catch (IOException e) {
      spec.commandLine().getErr().println("caravan: " + e.getMessage());
      return Exit.REFUSED;
    }
  }

  private static QueueEntry entry(JsonNode entry) {
    return new QueueEntry(
        entry.path("batch").asText(),
        entry.path("folder").asText(),
        entry.path("state").asText(),
        entry.path("message").asText(),
        entry.path("total").asInt(),
        entry.path("done").asInt(),
        entry.path("failed").asInt(),
        time(entry.path("expected_start")),
        time(entry.path("expected_end")));
  }

  private static Optional<OffsetDateTime> time(JsonNode node) {
    return node.isTextual() ? Optional.of(OffsetDateTime.parse(node.asText())) : Optional.empty();
  }

  private static void print(
      PrintWriter out, Home home, Optional<DaemonStatus> daemon, HomeControl control)
      throws IOException {
    out.println(
        HomeLock.isHeld(home)
            ? "Daemon running for "
                + home.root()
                + daemon.map(d -> " (pid " + d.pid() + ")").orElse("")
            : "No daemon running for " + home.root() + "; the queue resumes when one starts");
    int pending = ControlFileProcessor.pending(home, new DurableFiles()).size();
    if (pending > 0) {
      out.println(Plural.of(pending, "control request") + " pending");
    }
    printPauses(out, daemon, control);
  }

  private static void printPauses(
      PrintWriter out, Optional<DaemonStatus> daemon, HomeControl control) {
    daemon.map(DaemonStatus::closed).ifPresent(why -> out.println("Nothing starts: " + why));
    control.paused().ifPresent(order -> out.println("Everything is paused " + order.message()));
    control
        .pausedTargets()
        .forEach((target, order) -> out.println(target + " is paused " + order.message()));
  }

  private static Map<String, Object> content(
      Home home,
      boolean served,
      Optional<DaemonStatus> daemon,
      HomeControl control,
      List<QueueEntry> entries) {
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("schema", 1);
    content.put("home", home.root().toString());
    content.put("served", served);
    content.put("daemon", daemon.orElse(null));
    content.put("orders", control);
    content.put("queue", entries.stream().map(StatusCommand::content).toList());
    return content;
  }

  private static Map<String, Object> content(QueueEntry entry) {
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("batch", entry.id());
    content.put("folder", entry.folder());
    content.put("state", entry.state());
    content.put("message", entry.message());
    content.put("total", entry.total());
    content.put("done", entry.done());
    content.put("failed", entry.failed());
    content.put("expected_start", entry.start().map(OffsetDateTime::toString).orElse(null));
    content.put("expected_end", entry.end().map(OffsetDateTime::toString).orElse(null));
    return content;
  }
}
