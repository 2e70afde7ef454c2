package dev.caravan.app.camel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.fleet.jms.ArchiveTransfer;
import dev.caravan.fleet.jms.EmbeddedBroker;
import dev.caravan.fleet.worker.HeartbeatSender;
import dev.caravan.fleet.worker.TestWorker;
import dev.caravan.fleet.worker.WorkerService;
import dev.caravan.storage.Json;
import dev.caravan.storage.StateFolder;
import dev.caravan.testing.CapturedLog;
import dev.caravan.testing.ScratchHome;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a worker says while its broker takes no outcomes. */
class OutcomeSenderTest {

  private static final String OUTAGE =
      "Could not send an outcome to the hub; it is kept and sent again: could not send a file:"
          + " the hub restarts";

  private static final String CONFIG =
      """
      base_config: {model: m, url: "http://127.0.0.1:9", warmup_request_count: 1,
        benchmark_duration: 1, concurrency: 1}
      """;

  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);

  private final CapturedLog log = CapturedLog.of(OutcomeSender.class);
  private final AtomicInteger attempts = new AtomicInteger();
  private final AtomicLong now = new AtomicLong();
  private Path outgoing;
  private boolean up;
  private EmbeddedBroker broker;
  private OutcomeSender sender;
  private WorkerService service;
  private ScratchHome hub;

  @BeforeEach
  void createSender(@TempDir Path folder) throws Exception {
    broker = EmbeddedBroker.start(folder.resolve("broker"), "");
    hub = new ScratchHome(Files.createDirectories(folder.resolve("hub")));
    ScratchHome home = new ScratchHome(Files.createDirectories(folder.resolve("worker")));
    service = TestWorker.in(home);
    HeartbeatSender none = null; // no heartbeat comes
    sender = new OutcomeSender(service, none, transfer(), home.home, home.files, now::get);
    outgoing = StateFolder.OUTGOING.in(home.home);
  }

  /** Refuses to connect unless {@link #up}. */
  private ArchiveTransfer transfer() {
    InvocationHandler connections =
        (proxy, method, arguments) -> {
          attempts.incrementAndGet();
          if (up) {
            return new ActiveMQConnectionFactory(EmbeddedBroker.URL).createConnection();
          }
          throw new JMSException("the hub restarts");
        };
    return new ArchiveTransfer(
        (ConnectionFactory)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ConnectionFactory.class},
                connections));
  }

  @AfterEach
  void close() throws Exception {
    broker.close();
    log.close();
  }

  /** A run that was lost, so that its outcome is to be sent. */
  private void endRun() throws Exception {
    String json = Json.text(TestWorker.assignment(hub.accept(CONFIG).run(0)));
    String deliveryId = service.receive(json).orElseThrow();
    service.confirm(deliveryId);
    service.failed(deliveryId, new IllegalStateException("the test ends it"));
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
    assertThat(attempts).hasValue(2);
    assertThat(log.lines()).containsExactly(OUTAGE);

    // when
    up = true;
    now.addAndGet(FIRST_WAIT.toNanos());
    sender.send();

    // then
    assertThat(attempts).hasValue(4);
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
    try (ActiveMQConnectionFactory connections = new ActiveMQConnectionFactory(EmbeddedBroker.URL);
        JMSContext context = connections.createContext()) {
      sender.hubHeartbeat(context.createMessage());
    }
    sender.send();

    // then
    assertThat(packs()).isEqualTo(1);
  }

  /** Without the folder that they are written to, packing fails and says so. */
  private void countPacks() throws IOException {
    Files.delete(outgoing);
  }

  private long packs() {
    return log.lines().stream().filter(l -> l.startsWith("Could not pack the outcome")).count();
  }
}
