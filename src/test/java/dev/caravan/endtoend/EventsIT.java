package dev.caravan.endtoend;

import static dev.caravan.testing.Results.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.app.ChaosDaemon;
import dev.caravan.testing.AddedJar;
import dev.caravan.testing.Caravan;
import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.LiveTree;
import dev.caravan.testing.Program;
import dev.caravan.testing.Results;
import dev.caravan.testing.WebhookServer;
import dev.caravan.tools.simulator.Simulator;
import dev.caravan.tools.simulator.SimulatorOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events that {@code caravan serve} publishes, also across failures and kills. */
class EventsIT {

  private static final String SECRET = "only-webhooks-know-this";
  private static final String KEY = "sk-never-in-an-event";

  private Caravan caravan;
  private Results home;
  private Simulator llm;
  private WebhookServer webhook;
  private Path notifications;

  @BeforeEach
  void setUp(@TempDir Path folder) throws IOException {
    llm = Simulator.start(SimulatorOptions.defaults().withPort(0));
    webhook = new WebhookServer();
    caravan =
        Caravan.in(folder)
            .withAiperf(FakeAiperf.in(folder.resolve("bin")))
            .with("CARAVAN_AIPERF_KEY_PASSING", "environment")
            .with("SOME_API_KEY", KEY)
            .with("HOOK_SECRET", SECRET)
            .with("CARAVAN_EVENTS_SECRET", "HOOK_SECRET")
            .with("CARAVAN_EVENTS_WEBHOOK", webhook.url());
    home = new Results(caravan);
    notifications = caravan.home().resolve("notifications.txt");
  }

  @AfterEach
  void tearDown() {
    caravan.close();
    llm.close();
    webhook.close();
  }

  @Test
  void deliversSignedEventsInOrderDespiteAFailingReceiverAndWaitsForNoNotifyCommand()
      throws Exception {
    // given
    AddedJar.shelf(caravan.home().resolve("lib/shelf.jar"));
    caravan.with("CARAVAN_EVENTS_TO", "shelf:" + caravan.home().resolve("event-files"));
    setNotifyCommand();
    webhook.failures.set(2);
    caravan.drop("bad.yaml", "batch_name: bad\nbase_config: {api_key_env_var: " + KEY + "}\n");
    Program daemon = caravan.serve();
    eventually().until(() -> webhook.types().equals(List.of("config.refused")));

    // when
    webhook.failures.set(2);
    caravan.drop("good.yaml", config("good", "fake-ok, fake-exit-2", 1));
    home.await("good");
    eventually().until(() -> webhook.types().contains("batch.finished"));

    // then
    assertDelivered();
    eventually().until(() -> caravan.list("event-files").size() == 8);
    assertNotified(daemon);

    // and
    daemon.terminate();
    assertThat(daemon.exit()).isZero();
    assertThat(daemon.err()).contains("HTTP status 503").doesNotContain("path-secret");
    assertThat(texts())
        .isNotEmpty()
        .allSatisfy(text -> assertThat(text).doesNotContain(KEY).doesNotContain(SECRET));

    // when
    caravan.with("CARAVAN_DISK_MIN_FREE", "999999TB").serve();

    // then
    eventually().until(() -> LiveTree.text(notifications).contains("dev.caravan.disk.low"));
  }

  private void assertDelivered() throws GeneralSecurityException {
    assertThat(webhook.types())
        .containsExactly(
            "config.refused",
            "batch.accepted",
            "run.started",
            "run.finished",
            "run.started",
            "run.dead-lettered",
            "run.finished",
            "batch.finished");
    assertThat(webhook.deliveries).extracting(WebhookServer.Delivery::id).doesNotHaveDuplicates();
    for (WebhookServer.Delivery delivery : webhook.deliveries) {
      assertThat(delivery.signature()).isEqualTo(signature(delivery));
      assertThat(delivery.contentType()).startsWith("application/cloudevents+json");
      assertThat(delivery.event().path("specversion").asText()).isEqualTo("1.0");
    }
    JsonNode finished = webhook.deliveries.get(3).event();
    assertThat(finished.path("id").asText())
        .isEqualTo(home.id("good") + "/model" + "fake-ok:1:run.finished");
    assertThat(finished.at("/data/outcome").asText()).isEqualTo("succeeded");
    assertThat(finished.at("/data/metrics/ttft_ms_p50").asDouble()).isPositive();
    JsonNode summary = webhook.deliveries.get(7).event().path("data");
    assertThat(summary.path("completed").asInt()).isEqualTo(1);
    assertThat(summary.path("failed").asInt()).isEqualTo(1);
  }

  /** One that is told the key, hangs, and so is ended before the next batch is finished. */
  private void setNotifyCommand() throws IOException {
    Path script =
        caravan.write(
            "bin/notify",
            "#!/bin/sh\necho \"$1 $SOME_API_KEY\" >> notifications.txt\n"
                + "cat >> notifications.txt\nsleep 60\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    caravan.with("CARAVAN_NOTIFY_COMMAND", "bin/notify hello").with("CARAVAN_NOTIFY_TIMEOUT", "5s");
  }

  private void assertNotified(Program daemon) throws IOException {
    // when
    caravan.drop("next.yaml", config("next", "fake-ok", 1));
    home.await("next");

    // then
    eventually().until(() -> LiveTree.text(notifications).lines().count() == 4);
    List<String> lines = Files.readAllLines(notifications);
    assertThat(lines).element(0).isEqualTo("hello ");
    assertThat(new ObjectMapper().readTree(lines.get(1)).path("type").asText())
        .isEqualTo("dev.caravan.batch.finished");
    daemon.awaitLine("caravan.notify.command timed out");
    assertThat(home.names(".caravan/outbox"))
        .filteredOn(name -> name.endsWith(".delivered"))
        .hasSize(2)
        .noneMatch(name -> name.contains("notify"));
  }

  @Test
  void losesNoEventWhenKilledBetweenRecordingAndDelivery() throws Exception {
    // given
    webhook.failures.set(Integer.MAX_VALUE);
    caravan.drop("resumed.yaml", config("resumed", "m1, m2, m3, fake-hang, m5", 5));
    Program daemon = caravan.serve();
    eventually().until(() -> results("resumed") == 3);
    daemon.kill();
    // events that never reached the outbox are derived from the tree
    for (Path file : caravan.list(".caravan/outbox")) {
      if (file.toString().endsWith("jsonl")) {
        Files.write(file, Files.readAllLines(file).stream().limit(3).toList());
      }
    }
    FakeAiperf.always(caravan.home().resolveSibling("bin"), "fake-ok");
    caravan.serve();
    home.await("resumed");
    assertThat(webhook.deliveries).isEmpty();

    // when
    webhook.failures.set(0);
    eventually().until(() -> webhook.types().contains("batch.finished"));

    // then
    assertThat(ids("run.finished")).hasSize(5).doesNotHaveDuplicates();
    assertThat(ids("batch.accepted")).containsExactly(home.id("resumed") + ":1:batch.accepted");
    assertThat(ids("batch.finished")).containsExactly(home.id("resumed") + ":1:batch.finished");
    assertThat(webhook.types()).startsWith("batch.accepted").endsWith("batch.finished");
    assertThat(webhook.deliveries.stream().map(p -> p.event().path("sequence").asLong()))
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void losesNoEventWhereverItIsKilledDuringDelivery() {
    // given
    List<String> points =
        List.of(
            "before append .caravan/outbox/N.jsonl",
            "before write .caravan/outbox/webhook.delivered",
            "before delete .caravan/open/FILE",
            "after write BATCH/RUN/process_result.json");

    // when
    for (int n = 0; n < points.size(); n++) {
      String[] point = points.get(n).split(" ", 2);
      String config = config("p" + n, "fake-ok", 2).replace("random_seed", "concurrency");
      caravan.drop("p" + n + ".yaml", config);
      Program daemon =
          caravan.startMain(
              ChaosDaemon.class, Map.of("chaos.when", point[0], "chaos.halt", point[1]), "serve");
      assertThat(daemon.exit()).as(points.get(n)).isEqualTo(137);
    }
    caravan.serve();

    // then
    for (int n = 0; n < points.size(); n++) {
      home.await("p" + n);
    }
    eventually().until(() -> Set.copyOf(ids("batch.finished")).size() == points.size());
    for (int n = 0; n < points.size(); n++) {
      String id = home.id("p" + n);
      // Each kill that found a run started costs it an attempt.
      List<String> first =
          ids("").stream()
              .filter(i -> i.startsWith(id))
              .map(i -> i.replaceFirst(":\\d+:run", ":run"))
              .distinct()
              .toList();
      assertThat(first)
          .filteredOn(i -> !i.endsWith("started"))
          .containsExactly(
              id + ":1:batch.accepted",
              id + "/concurrency1:run.finished",
              id + "/concurrency2:run.finished",
              id + ":1:batch.finished");
    }
  }

  private long results(String batchName) {
    return LiveTree.files(caravan.home().resolve("aiperf_results").resolve(batchName)).stream()
        .filter(file -> file.endsWith("process_result.json"))
        .count();
  }

  private List<String> ids(String kind) {
    return webhook.deliveries.stream()
        .map(WebhookServer.Delivery::event)
        .filter(event -> event.path("type").asText().endsWith(kind))
        .map(event -> event.path("id").asText())
        .toList();
  }

  private List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (Path file : caravan.files()) {
      if (file.toString().contains("outbox")
          || file.toString().contains("event-files")
          || file.toString().contains("notifications")) {
        texts.add(LiveTree.text(file));
      }
    }
    webhook.deliveries.forEach(delivery -> texts.add(delivery.body()));
    return texts;
  }

  /** The signature by the Standard Webhooks specification, independent of our code. */
  private static String signature(WebhookServer.Delivery delivery) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(), "HmacSHA256"));
    String signed = delivery.id() + "." + delivery.timestamp() + "." + delivery.body();
    return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes()));
  }

  private String config(String batchName, String models, int seeds) {
    List<Integer> all = Stream.iterate(1, n -> n + 1).limit(seeds).toList();
    String sweep = models.contains(",") ? "model: [" + models + "]" : "random_seed: " + all;
    return """
        batch_name: %s
        readiness: {preflight: false}
        retry: {attempts: 1}
        base_config:
          model: %s
          url: %s
          api_key_env_var: SOME_API_KEY
          warmup_request_count: 1
          benchmark_duration: 1
          concurrency: 1
        sweeps: {%s}
        """
        .formatted(batchName, models.split(",")[0], llm.url(), sweep);
  }
}
