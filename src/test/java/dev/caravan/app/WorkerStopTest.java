package dev.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.jms.BrokerConnections;
import dev.caravan.fleet.jms.Destinations;
import dev.caravan.fleet.worker.TestWorker;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Json;
import dev.caravan.testing.CapturedLog;
import dev.caravan.testing.Caravan;
import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.ScratchHome;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.activemq.artemis.api.core.ActiveMQIllegalStateException;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.ActiveMQServers;
import org.apache.activemq.artemis.core.server.ServerSession;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerPlugin;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a worker stops. */
class WorkerStopTest {

  private static final String UNTOLD =
      "Could not tell the hub that this worker is stopping: %s. Outcomes that the hub has not"
          + " recorded are kept here and sent after the next start: 1";

  /** Its key is not set at the worker, which reports that at once. */
  private static final String CONFIG =
      """
      base_config: {model: m, url: "http://127.0.0.1:9", api_key_env_var: SET_API_KEY,
        warmup_request_count: 1, benchmark_duration: 1, concurrency: 1}
      """;

  private final CapturedLog log = CapturedLog.of(Worker.class);

  @TempDir private Path folder;

  @AfterEach
  void close() {
    log.close();
  }

  private Settings settings(String broker) {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("CARAVAN_AIPERF_COMMAND", FakeAiperf.in(folder.resolve("bin")).toString());
    environment.put("CARAVAN_LOCKS_DIR", folder.resolve("locks").toString());
    environment.put("CARAVAN_ROLE", "worker");
    environment.put("CARAVAN_BROKER", broker);
    return Settings.of(folder.resolve("w"), environment, new Properties());
  }

  /** As one that refuses the worker's certificate: the client waits half a minute each time. */
  @Test
  void doesNotWaitForABrokerThatAcceptsConnectionsAndSaysNothing() throws Exception {
    // given
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Settings settings = settings("tcp://127.0.0.1:" + silent.getLocalPort());
      try (BrokerConnections broker = BrokerConnections.open(settings)) {
        Worker worker =
            new Worker(settings, new WorkerComponents(settings, new DurableFiles()), broker);
        worker.start();
        // when
        long begin = System.nanoTime();
        worker.stop(Duration.ZERO, "the test ends");
        // then
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(25));
      }
      assertThat(log.lines())
          .contains(
              "Could not tell the hub that this worker is stopping: the broker does not respond");
    }
  }

  @Test
  void saysPlainlyWhatItKeepsWhileItsBrokerIsAway() throws Exception {
    // given
    Settings settings = settings("tcp://127.0.0.1:" + Caravan.freePort());

    // when
    stopWithAnOutcome(settings, Duration.ofSeconds(3));
    // then
    assertThat(log.lines())
        .filteredOn(line -> line.contains("stopping"))
        .containsExactly(UNTOLD.formatted("the broker does not respond"));
  }

  /** A broker that goes away when the worker has just sent it a heartbeat, for instance. */
  @Test
  void saysPlainlyWhyItCouldNotSignOff() throws Exception {
    // given
    String url = "tcp://127.0.0.1:" + Caravan.freePort();
    ActiveMQServer broker =
        ActiveMQServers.newActiveMQServer(
            new ConfigurationImpl()
                .setPersistenceEnabled(false)
                .setSecurityEnabled(false)
                .addAcceptorConfiguration("tcp", url));
    broker.registerBrokerPlugin(new NoSignOff());
    broker.start();
    try {
      // when
      stopWithAnOutcome(settings(url), Duration.ofMinutes(1));
    } finally {
      broker.stop();
    }

    // then
    assertThat(log.lines())
        .filteredOn(line -> line.contains("stopping"))
        .containsExactly(UNTOLD.formatted("it is enough"));
    assertThat(log.traces()).isEmpty();
  }

  /** Refuses the last heartbeat of a worker. */
  private static final class NoSignOff implements ActiveMQServerPlugin {

    @Override
    public void beforeSend(
        ServerSession session, Transaction tx, Message message, boolean direct, boolean noQueue) {
      if (message.getAddress().equals(Destinations.HEARTBEATS)
          && message
              .toCore()
              .getReadOnlyBodyBuffer()
              .readNullableSimpleString()
              .toString()
              .matches("(?s).*\"leaving\" *: *true.*")) {
        tx.markAsRollbackOnly(new ActiveMQIllegalStateException("it is enough"));
      }
    }
  }

  private void stopWithAnOutcome(Settings settings, Duration response) throws Exception {
    ScratchHome hub = new ScratchHome(Files.createDirectories(folder.resolve("hub")));
    try (BrokerConnections broker = BrokerConnections.open(settings)) {
      WorkerComponents components = new WorkerComponents(settings, new DurableFiles());
      Worker worker = new Worker(settings, components, broker);
      worker.start();
      String json = Json.text(TestWorker.assignment(hub.accept(CONFIG).run(0)));
      String deliveryId = components.service().receive(json).orElseThrow();
      components.service().confirm(deliveryId);
      components.service().prepare(deliveryId);
      worker.stop(Duration.ZERO, "the test ends", response);
    }
  }
}
