package dev.caravan.fleet.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.fleet.protocol.Assignment;
import dev.caravan.fleet.protocol.Heartbeat;
import dev.caravan.model.Batch;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.changes.PipelineListeners;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.run.RemoteRuns;
import dev.caravan.pipeline.run.RunTree;
import dev.caravan.testing.ScratchHome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a hub shows of the runs that it has sent. */
class HubFleetViewTest {

  private static final Duration HEARTBEAT = Duration.ofSeconds(10);
  private static final String CONFIG =
      """
      base_config: {model: m, url: "http://127.0.0.1:9", warmup_request_count: 1,
        benchmark_duration: 1, concurrency: 1}
      """;

  private final AtomicLong now = new AtomicLong();

  @Test
  void tellsWhichRunsItsWorkersHaveWhileItHearsOfThem(@TempDir Path folder) throws Exception {
    // given
    ScratchHome home = new ScratchHome(folder);
    Batch batch = home.accept(CONFIG);
    Workers workers = new Workers(HEARTBEAT.multipliedBy(3), now::get, new PipelineListeners());
    WorkerMonitor monitor =
        new WorkerMonitor("hub", HEARTBEAT, HEARTBEAT, workers, (pool, id) -> true, now::get);
    HubService service =
        new HubService(
            home.home,
            home.files,
            new RemoteRuns(new RunTree(home.batches, home.outputs(), home.runFolders())),
            new PipelineListeners(),
            monitor,
            new ArchiveUnpacker(home.files, 1 << 20, Optional.empty()));
    HubFleetView view = new HubFleetView(service, monitor, workers, pools -> Map.of());
    String run = batch.run(0).id();
    Assignment sent =
        (Assignment) service.assign(RunOrder.execute(run, batch.folder().toString(), 0)).message();
    DaemonStatus.Underway underway =
        new DaemonStatus.Underway(run, batch.folder().toString(), 0, "12:00", "default");
    DaemonStatus.Underway namesake =
        new DaemonStatus.Underway(run, folder.resolve("copy").toString(), 0, "12:00", "default");
    DaemonStatus status = new DaemonStatus(1, 7, null, List.of(underway, namesake), List.of());

    // then: it has not heard of anybody
    assertThat(view.seen(status)).isEqualTo(status);

    // when
    monitor.hubHeartbeat(monitor.heartbeat(List.of(), id -> false));

    // then
    assertThat(view.seen(status).underway()).isEmpty();
    assertThat(view.seen(status).queued()).containsExactly(underway, namesake);

    // when
    Set<String> holding = Set.of(sent.deliveryId());
    monitor.workerHeartbeat(
        new Heartbeat(1, "w", "h", List.of("default"), 1, "0.13.0", holding, Map.of(), "", false));

    // then: it has the one, and not the one of the same id in another folder
    assertThat(view.seen(status).underway()).containsExactly(underway);
    assertThat(view.seen(status).queued()).containsExactly(namesake);

    // when: the broker is away, and with it all heartbeats
    now.addAndGet(HEARTBEAT.multipliedBy(9).toNanos());

    // then
    assertThat(view.seen(status)).isEqualTo(status);
    assertThat(FleetView.NONE.seen(status)).isEqualTo(status);
  }
}
