package dev.caravan.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.hub.WorkerView;
import dev.caravan.fleet.hub.WorkersFile;
import dev.caravan.model.HomeControl;
import dev.caravan.observe.report.BatchQueue;
import dev.caravan.observe.report.BatchStates;
import dev.caravan.observe.report.LastBatch;
import dev.caravan.observe.report.QueueEntry;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.accept.OpenBatches;
import dev.caravan.pipeline.dispatch.ControlFileProcessor;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.run.WithheldFiles;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.HomeLock;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The state of a home's daemon and its queue.
 *
 * @param headline whether a daemon runs, and for which home
 * @param pendingRequests number of control requests that wait for a daemon
 * @param daemon what the daemon says of itself; empty when none runs
 * @param control pauses of the whole home and of targets
 * @param workers the workers of a hub; empty without one
 * @param queue the unfinished batches in dispatch order
 * @param lastBatch the last batch that finished, with its verdict; empty without any
 * @param withheld ids of the runs with withheld files, see {@link WithheldFiles}
 * @param json all of it as JSON text, for programs
 */
record HomeStatus(
    String headline,
    int pendingRequests,
    Optional<DaemonStatus> daemon,
    HomeControl control,
    Optional<List<WorkerView>> workers,
    List<QueueEntry> queue,
    Optional<LastBatch> lastBatch,
    List<String> withheld,
    String json) {

  private record Status(
      int schema,
      String home,
      boolean served,
      Optional<DaemonStatus> daemon,
      HomeControl orders,
      List<QueueEntry> queue,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<List<WorkerView>> workers,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<LastBatch> lastBatch,
      List<String> withheld) {}

  /** The status read from the files of the home of these settings. */
  static HomeStatus of(Settings settings) throws IOException {
    Home home = new Home(settings.home());
    DurableFiles files = new DurableFiles();
    OffsetDateTime now = OffsetDateTime.now().truncatedTo(ChronoUnit.SECONDS);
    boolean served = HomeLock.isHeld(home);
    Optional<DaemonStatus> daemon = served ? DaemonStatus.of(home) : Optional.empty();
    HomeControl control = HomeControl.of(home);
    BatchFinder finder = new BatchFinder(home, List.of(), new OpenBatches(home, files));
    Optional<List<WorkerView>> workers = daemon.flatMap(d -> WorkersFile.read(home, d.pid()));
    int slots = workers.map(WorkerView::slots).orElseGet(() -> settings.count(Setting.WORKERS, 1));
    BatchStates states =
        new BatchStates(home, new ControlStore(files), control, daemon, workers.orElse(List.of()));
    List<QueueEntry> queue =
        new BatchQueue(new BatchStore(files), states, now)
            .entries(finder.unfinished(), ended(finder), slots);
    Optional<LastBatch> last = LastBatch.of(BatchFinder.of(settings).all());
    List<String> withheld = new WithheldFiles(home, files).runs();
    return new HomeStatus(
        headline(home, served, daemon),
        ControlFileProcessor.pending(home, files).size(),
        daemon,
        control,
        workers,
        queue,
        last,
        withheld,
        Json.text(
            new Status(
                1,
                home.root().toString(),
                served,
                daemon,
                control,
                queue,
                workers,
                last,
                withheld)));
  }

  private static List<Path> ended(BatchFinder finder) throws IOException {
    Set<Path> open = Set.copyOf(finder.unfinished());
    return finder.all().stream().filter(folder -> !open.contains(folder)).toList();
  }

  /** The status that a daemon gave over HTTP. */
  static HomeStatus of(JsonNode status) throws IOException {
    List<QueueEntry> queue = new ArrayList<>();
    for (JsonNode entry : status.path("queue")) {
      queue.add(Json.read(entry.toString(), QueueEntry.class));
    }
    List<WorkerView> workers = new ArrayList<>();
    for (JsonNode worker : status.path("workers")) {
      workers.add(Json.read(worker.toString(), WorkerView.class));
    }
    List<String> withheld = new ArrayList<>();
    status.path("withheld").forEach(run -> withheld.add(run.asText()));
    return new HomeStatus(
        "Daemon running for " + status.path("home").asText(),
        0,
        Optional.of(Json.read(status.path("daemon").toString(), DaemonStatus.class)),
        Json.read(status.path("orders").toString(), HomeControl.class),
        status.has("workers") ? Optional.of(workers) : Optional.empty(),
        queue,
        status.path("last_batch").isObject()
            ? Optional.of(Json.read(status.path("last_batch").toString(), LastBatch.class))
            : Optional.empty(),
        withheld,
        status.toPrettyString());
  }

  private static String headline(Home home, boolean served, Optional<DaemonStatus> daemon) {
    if (!served) {
      return "No daemon running for " + home.root() + "; the queue resumes when one starts";
    }
    String pid =
        daemon
            .map(told -> String.valueOf(told.pid()))
            .or(() -> HomeLock.holder(home))
            .map(known -> " (pid " + known + ")")
            .orElse("");
    return "Daemon running for "
        + home.root()
        + pid
        + (daemon.isPresent()
            ? ""
            : "; it has not reported its state: it has just started, is a worker, or cannot write"
                + " into its home");
  }
}
