package dev.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.jms.BrokerConnections;
import dev.caravan.fleet.jms.Destinations;
import dev.caravan.fleet.jms.EmbeddedBroker;
import dev.caravan.fleet.worker.TestWorker;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Json;
import dev.caravan.testing.CapturedLog;
import dev.caravan.testing.Caravan;
import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.ScratchHome;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker whose hub, with the broker, is away when a run has ended. */
class WorkerOutcomeTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** Its key is not set at the worker, which reports that at once. */
  private static final String CONFIG =
      """
      base_config: {model: m, url: "http://127.0.0.1:9", api_key_env_var: SET_API_KEY,
        warmup_request_count: 1, benchmark_duration: 1, concurrency: 1}
      """;

  private final CapturedLog log = CapturedLog.of("dev.caravan");
  private final String url = "tcp://127.0.0.1:" + Caravan.freePort();

  @TempDir private Path folder;
  private EmbeddedBroker broker;
  private BrokerConnections connections;
  private WorkerComponents components;
  private Worker worker;

  @BeforeEach
  void startWorker() throws IOException {
    startBroker();
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("CARAVAN_AIPERF_COMMAND", FakeAiperf.in(folder.resolve("bin")).toString());
    environment.put("CARAVAN_LOCKS_DIR", folder.resolve("locks").toString());
    environment.put("CARAVAN_ROLE", "worker");
    environment.put("CARAVAN_BROKER", url);
    Settings settings = Settings.of(folder.resolve("w"), environment, new Properties());
    connections = BrokerConnections.open(settings);
    components = new WorkerComponents(settings, new DurableFiles());
    worker = new Worker(settings, components, connections);
    worker.start();
  }

  @AfterEach
  void stopWorker() throws Exception {
    worker.stop(Duration.ZERO, "the test ends");
    connections.close();
    broker.close();
    log.close();
  }

  private void startBroker() throws IOException {
    broker = EmbeddedBroker.start(folder.resolve("broker"), url);
  }

  @Test
  void keepsItsOutcomeSaysSoInOneLineAndSendsItAgain() throws Exception {
    // given
    broker.close();
    ScratchHome hub = new ScratchHome(Files.createDirectories(folder.resolve("hub")));
    String json = Json.text(TestWorker.assignment(hub.accept(CONFIG).run(0)));
    String deliveryId = components.service().receive(json).orElseThrow();
    components.service().confirm(deliveryId);

    // when
    worker.execute(deliveryId);

    // then
    assertThat(log.lines())
        .filteredOn(line -> line.contains("outcome"))
        .singleElement()
        .asString()
        .startsWith("Could not send an outcome to the hub; it is kept and will be sent again: ");
    assertThat(log.levels()).doesNotContain(Level.ERROR);
    assertThat(log.traces()).isEmpty();
    assertThat(components.service().finished()).containsExactly(deliveryId);

    // when
    startBroker();

    // then
    try (JMSContext context = new ActiveMQConnectionFactory(url).createContext();
        JMSConsumer outcomes = context.createConsumer(context.createQueue(Destinations.OUTCOMES))) {
      assertThat(outcomes.receive(PATIENCE.toMillis())).isNotNull();
    }
  }

  /** The time to live is compared with the clock of the broker's host. */
  @Test
  void sendsHeartbeatsThatABrokerWithAnotherClockDoesNotTakeForExpired() throws Exception {
    try (JMSContext context = new ActiveMQConnectionFactory(url).createContext();
        JMSConsumer heartbeats =
            context.createConsumer(context.createQueue(Destinations.HEARTBEATS))) {
      // when
      Message heartbeat = heartbeats.receive(PATIENCE.toMillis());

      // then
      assertThat(heartbeat.getJMSExpiration() - heartbeat.getJMSTimestamp())
          .isEqualTo(Duration.ofHours(1).toMillis());
    }
  }
}
