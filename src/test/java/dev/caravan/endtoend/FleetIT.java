package dev.caravan.endtoend;

import static dev.caravan.testing.Results.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.fleet.protocol.DeliveryId;
import dev.caravan.testing.Caravan;
import dev.caravan.testing.Program;
import dev.caravan.testing.Results;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hub whose workers are killed or frozen, or send their results in other ways than usual. The
 * tests share the hub, which has a small heap and a folder that workers may share; each has workers
 * and a pool of its own.
 */
class FleetIT {

  private static final String SMALL_HEAP = "-Xmx256m";

  private static Fleet fleet;
  private static Caravan hub;
  private static Results results;
  private static Path shared;
  private final List<Caravan> workers = new ArrayList<>();

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    fleet = new Fleet(folder, "10s"); // longer than a worker may be too busy to say that it lives
    hub = fleet.hub;
    results = fleet.results;
    shared = Files.createDirectory(folder.resolve("shared"));
    hub.with("CARAVAN_RESULTS_SHARED", shared.toString()).with("JDK_JAVA_OPTIONS", SMALL_HEAP);
    fleet.startHub();
  }

  @AfterAll
  static void stop() {
    fleet.close();
  }

  @AfterEach
  void stopWorkers() {
    workers.forEach(Caravan::close);
  }

  /** A worker that serves only this pool. */
  private Caravan worker(String name, String pool) {
    Caravan worker = fleet.worker(name).with("CARAVAN_WORKER_POOLS", pool);
    workers.add(worker);
    return worker;
  }

  /** A config with a pool and a target of its own: no test waits for the run of another one. */
  private static String config(String name, String model) {
    return Fleet.config(
            name, model, "sweeps: {concurrency: [1]}\nworker: {pool: %s}".formatted(name))
        .replace("127.0.0.1:9", "127.0.0.1:" + Caravan.freePort());
  }

  /** The second batch is large: the broker would keep it in a file of its own. */
  @Test
  void receivesResultsThroughASharedFolder() throws IOException {
    // given: the worker mounts it under another path
    Path mounted = Files.createSymbolicLink(fleet.folder.resolve("mounted"), shared);
    Caravan worker =
        worker("sharing", "default,sharing").with("CARAVAN_RESULTS_SHARED", mounted.toString());
    fleet.startWorker(worker);

    // when
    try (WatchService deliveries = watch(shared);
        WatchService messages = watch(hub.home().resolve(".caravan/broker/large-messages"))) {
      fleet.executeTwoRuns(worker);
      hub.drop("sharing.yaml", config("sharing", "fake-print-20mb"));
      results.await("sharing");
      eventually().until(() -> worker.list(".caravan/spool").isEmpty());

      // then
      assertThat(hub.batch("sharing").resolve("concurrency1/stdout.log"))
          .satisfies(output -> assertThat(Files.size(output)).isGreaterThan(20 << 20));
      List<String> delivered = new ArrayList<>();
      eventually()
          .until(
              () -> {
                delivered.addAll(created(deliveries));
                return delivered.stream().filter(DeliveryId::isValid).count() == 3;
              });
      assertThat(created(messages)).isEmpty();
    }
    assertThat(ScratchHome.names(shared)).isEmpty();
  }

  private static WatchService watch(Path folder) throws IOException {
    WatchService watch = folder.getFileSystem().newWatchService();
    Files.createDirectories(folder).register(watch, StandardWatchEventKinds.ENTRY_CREATE);
    return watch;
  }

  /** The names of what was created in a folder since it is watched. */
  private static List<String> created(WatchService watch) {
    List<String> names = new ArrayList<>();
    for (WatchKey key = watch.poll(); key != null; key = watch.poll()) {
      key.pollEvents().forEach(event -> names.add(String.valueOf(event.context())));
      key.reset();
    }
    return names;
  }

  @Test
  void tellsThatARunWaitsForAWorkerAndWhy() throws Exception {
    // given
    Caravan full = worker("full", "narrow").with("CARAVAN_DISK_MIN_FREE", "9000TB");
    fleet.startWorker(full);
    Api api = new Api(hub::http);

    // when
    hub.drop("narrow.yaml", config("narrow", "fake-ok"));

    // then
    String reason = "less than 9000000000 MB (caravan.disk.min-free) are free on the disk of";
    eventually().until(() -> api.get("/api/v1/status").body().contains(reason));
    eventually().until(() -> hub.execute("status").out().contains("accepts none: less than"));
    eventually()
        .untilAsserted(
            () ->
                assertThat(hub.execute("status").out())
                    .contains("no worker serves pool narrow", "no: less than 9000000000 MB"));
    assertThat(api.get("/").body()).contains(reason);
    String run = "/api/v1/batches/narrow/%s/runs/0".formatted(hub.batch("narrow").getFileName());
    assertThat(api.body(api.get(run)).path("state").asText()).isEqualTo("waiting");

    // when
    full.close();
    fleet.startWorker(worker("roomy", "narrow"));

    // then
    results.await("narrow");
  }

  /** The worker is made up: its disk was full before it took the run. */
  @Test
  void tellsThatARunWasSentAndWaits() throws Exception {
    // given
    Api api = new Api(hub::http);
    try (MadeUpWorker madeUp = new MadeUpWorker(fleet.broker, "sent")) {
      hub.drop("sent.yaml", config("sent", "fake-ok"));
      eventually().until(() -> hub.list(".caravan/in-flight").size() == 1);

      // when
      madeUp.refuse("its disk is full");

      // then
      String reason = "no worker of pool sent has its run; made-up accepts none: its disk is full";
      eventually().until(() -> hub.execute("status").out().contains(reason));
      assertThat(api.get("/api/v1/status").body()).contains(reason);
      String run = "/api/v1/batches/sent/%s/runs/0".formatted(hub.batch("sent").getFileName());
      assertThat(api.body(api.get(run)).path("state").asText()).isEqualTo("waiting");
    }
    fleet.startWorker(worker("taker", "sent"));
    results.await("sent");
  }

  @Test
  void repeatsTheRunsOfAKilledAndOfAFrozenWorkerOnAnotherOne() throws Exception {
    // given
    Program killed = fleet.startWorker(worker("killed", "lost"));
    hub.drop("lost.yaml", config("lost", "fake-sleep-4"));
    killed.awaitLine("Run 1/1");

    // when
    killed.kill();
    Caravan second = worker("second", "lost");
    Program frozen = fleet.startWorker(second);

    // then
    results.await("lost");
    Path run = hub.batch("lost").resolve("concurrency1");
    assertThat(run.resolve("process_result.json"))
        .content()
        .contains("\"succeeded\"", "\"attempt\" : 2");
    assertThat(run.resolve("attempts/1/process_result.json")).content().contains("\"lost\"");
    archivesTheLateOutcome(second, frozen);
  }

  /**
   * A known limit: while a worker is frozen its aiperf continues, and the run is repeated
   * elsewhere. The late outcome of the frozen worker is archived as an attempt; the result stays.
   */
  private void archivesTheLateOutcome(Caravan worker, Program frozen) throws Exception {
    // given
    hub.drop("ice.yaml", config("ice", "fake-sleep-2").replace("pool: ice", "pool: lost"));
    eventually().until(() -> !worker.runProcesses().isEmpty());

    // when
    signal("STOP", frozen);
    fleet.startWorker(worker("warm", "lost"));
    results.await("ice");
    Path run = hub.batch("ice").resolve("concurrency1");
    String result = Files.readString(run.resolve("process_result.json"));
    signal("CONT", frozen);

    // then
    Path late = run.resolve("attempts/1");
    eventually().until(() -> Files.exists(late.resolve("stdout.log")));
    assertThat(result).contains("\"succeeded\"", "\"attempt\" : 2");
    assertThat(run.resolve("process_result.json")).hasContent(result.stripTrailing());
    assertThat(results.summary("ice").path("completed").asInt()).isEqualTo(1);
  }

  private static void signal(String name, Program program) throws Exception {
    new ProcessBuilder("kill", "-" + name, String.valueOf(program.pid())).start().waitFor();
  }

  @Test
  void transfersARunFolderOf200MebibytesWithSmallHeaps() throws IOException {
    // given
    fleet.startWorker(worker("big", "big").with("JDK_JAVA_OPTIONS", SMALL_HEAP));

    // when
    hub.drop("big.yaml", config("big", "fake-print-200mb"));

    // then
    results.await("big");
    assertThat(hub.batch("big").resolve("concurrency1/stdout.log"))
        .satisfies(file -> assertThat(Files.size(file)).isGreaterThan(200L << 20));
  }
}
