package dev.caravan.app.camel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.fleet.worker.HeartbeatSender;
import dev.caravan.fleet.worker.TestWorker;
import dev.caravan.fleet.worker.WorkerService;
import dev.caravan.storage.Json;
import dev.caravan.storage.StateFolder;
import dev.caravan.testing.CapturedLog;
import dev.caravan.testing.ScratchHome;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.activemq.artemis.jms.client.ActiveMQMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a worker says while its broker takes no outcomes. */
class OutcomeSenderTest {

  private static final String OUTAGE =
      "Could not send an outcome to the hub; it is kept and will be sent again: the hub restarts";

  private static final String CONFIG =
      """
      base_config: {model: m, url: "http://127.0.0.1:9", warmup_request_count: 1,
        benchmark_duration: 1, concurrency: 1}
      """;

  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);

  private final CapturedLog log = CapturedLog.of(OutcomeSender.class);
  private final AtomicLong now = new AtomicLong();
  private final List<String> attempts = new ArrayList<>();
  private final Map<String, Exception> failures = new HashMap<>();
  private Path outgoing;
  private boolean up;
  private OutcomeSender sender;
  private WorkerService service;
  private ScratchHome hub;

  @BeforeEach
  void createSender(@TempDir Path folder) throws Exception {
    hub = new ScratchHome(Files.createDirectories(folder.resolve("hub")));
    ScratchHome home = new ScratchHome(Files.createDirectories(folder.resolve("worker")));
    service = TestWorker.in(home);
    HeartbeatSender none = null; // no heartbeat comes
    sender = new OutcomeSender(service, none, this::transfer, home.home, home.files, now::get);
    outgoing = StateFolder.OUTGOING.in(home.home);
  }

  /** Takes none unless {@link #up}, and none of those that have a failure. */
  private void transfer(Path archive) throws IOException, JMSException {
    String deliveryId = archive.getFileName().toString().replace(".zip", "");
    attempts.add(deliveryId);
    Exception failure = failures.get(deliveryId);
    if (failure instanceof IOException local) {
      throw local;
    }
    if (failure instanceof JMSException refusal) {
      throw refusal;
    }
    if (!up) {
      throw new JMSException("the hub restarts");
    }
  }

  @AfterEach
  void close() {
    log.close();
  }

  /** A run that was lost, so that its outcome is to be sent. */
  private String endRun() throws Exception {
    String json = Json.text(TestWorker.assignment(hub.accept(CONFIG).run(0)));
    String deliveryId = service.receive(json).orElseThrow();
    service.confirm(deliveryId);
    service.failed(deliveryId, new IllegalStateException("the test ends it"));
    return deliveryId;
  }

  @Test
  void saysItOncePerOutage() throws Exception {
    // given
    endRun();
    endRun();

    // when
    sender.send();
    sender.send();

    // then
    assertThat(attempts).hasSize(2);
    assertThat(log.lines()).containsExactly(OUTAGE);

    // when
    up = true;
    now.addAndGet(FIRST_WAIT.toNanos());
    sender.send();

    // then
    assertThat(attempts).hasSize(4);
    assertThat(log.lines()).isEqualTo(List.of(OUTAGE, "Sending outcomes again"));

    // when
    up = false;
    endRun();
    sender.send();

    // then
    assertThat(log.lines()).isEqualTo(List.of(OUTAGE, "Sending outcomes again", OUTAGE));
    assertThat(service.finished()).hasSize(3);
    assertThat(log.traces()).isEmpty();
  }

  @Test
  void packsNoOutcomeAgainUntilTheNextTryIsDue() throws Exception {
    // given
    endRun();
    sender.send();
    sender.send();
    countPacks();

    // when
    sender.send();

    // then
    assertThat(packs()).isZero();

    // when
    now.addAndGet(FIRST_WAIT.toNanos());
    sender.send();

    // then
    assertThat(packs()).isEqualTo(1);
  }

  @Test
  void sendsAtOnceWhenItHearsOfTheBroker() throws Exception {
    // given
    endRun();
    sender.send();
    sender.send();
    countPacks();

    // when
    sender.hubHeartbeat(new ActiveMQMessage());
    sender.send();

    // then
    assertThat(packs()).isEqualTo(1);
  }

  @Test
  void sendsTheOthersBesideOneThatTheBrokerAlwaysRefuses() throws Exception {
    // given
    up = true;
    String refused = endRun();
    failures.put(refused, new JMSException("its files exceed caravan.broker.max-disk"));
    sender.send();

    // when
    for (int n = 0; n < 20; n++) {
      String other = endRun();
      sender.send();

      // then
      assertThat(attempts).contains(other);
      now.addAndGet(FIRST_WAIT.toNanos());
    }
    assertThat(Collections.frequency(attempts, refused)).isBetween(3, 10);
    assertThat(log.lines())
        .containsExactly(
            OUTAGE.replace("the hub restarts", "its files exceed caravan.broker.max-disk"),
            "Sending outcomes again",
            "The broker accepts other outcomes, but not that of "
                + service.runId(refused)
                + "; it is kept and will be sent again: its files exceed caravan.broker.max-disk");
    assertThat(service.runId(refused)).contains("/");

    // when
    failures.clear();
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    sender.send();

    // then
    assertThat(log.lines()).last().isEqualTo("Sent the outcome of " + service.runId(refused));
  }

  /** A file of the worker's own, as on a disk that fails. */
  @Test
  void takesAnOutcomeThatCannotBeReadForNoOutage() throws Exception {
    // given
    up = true;
    String unreadable = endRun();
    Set<String> others = Set.of(endRun(), endRun());
    failures.put(unreadable, new IOException("Input/output error"));

    // when: it is tried again at once, and then later
    for (int n = 0; n < 5; n++) {
      sender.send();
    }

    // then
    assertThat(attempts).filteredOn(others::contains).hasSize(2);
    assertThat(attempts).filteredOn(unreadable::equals).hasSize(2);
    assertThat(log.lines())
        .containsExactly(
            "Could not read the outcome of "
                + service.runId(unreadable)
                + "; it is kept and will be retried: java.io.IOException: Input/output error");
    assertThat(service.finished()).contains(unreadable);
  }

  /** The copies would fill the disk of a broker of its own while the hub is away. */
  @Test
  void sendsAnOutcomeAgainOnlyWhenItHasHeardOfTheHubSince() throws Exception {
    // given
    up = true;
    endRun();
    sender.hubHeartbeat(new ActiveMQMessage());
    sender.send();

    // when
    for (int minute = 0; minute < 600; minute++) {
      now.addAndGet(Duration.ofMinutes(1).toNanos() + 1);
      sender.send();
    }

    // then
    assertThat(attempts).hasSize(1);

    // when
    sender.hubHeartbeat(new ActiveMQMessage());
    sender.send();
    sender.send();

    // then
    assertThat(attempts).hasSize(2);
  }

  /** Without the folder that they are written to, packing fails and says so. */
  private void countPacks() throws IOException {
    Files.delete(outgoing);
  }

  private long packs() {
    return log.lines().stream().filter(l -> l.startsWith("Could not pack the outcome")).count();
  }
}
