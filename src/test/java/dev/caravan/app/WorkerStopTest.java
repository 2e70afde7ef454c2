package dev.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.jms.BrokerConnections;
import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.CapturedLog;
import dev.caravan.testing.FakeAiperf;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a worker stops. */
class WorkerStopTest {

  /** As one that refuses the worker's certificate: the client waits half a minute each time. */
  @Test
  void doesNotWaitForABrokerThatAcceptsConnectionsAndSaysNothing(@TempDir Path folder)
      throws Exception {
    // given
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        CapturedLog log = CapturedLog.of(Worker.class)) {
      Map<String, String> environment = new HashMap<>(System.getenv());
      environment.put("CARAVAN_AIPERF_COMMAND", FakeAiperf.in(folder.resolve("bin")).toString());
      environment.put("CARAVAN_LOCKS_DIR", folder.resolve("locks").toString());
      environment.put("CARAVAN_ROLE", "worker");
      environment.put("CARAVAN_BROKER", "tcp://127.0.0.1:" + silent.getLocalPort());
      Settings settings = Settings.of(folder, environment, new Properties());
      try (BrokerConnections broker = BrokerConnections.open(settings)) {
        Worker worker =
            new Worker(settings, new WorkerComponents(settings, new DurableFiles()), broker);
        worker.start();
        // when
        long begin = System.nanoTime();
        worker.stop(Duration.ZERO, "the test ends");
        // then
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(9));
      }
      assertThat(log.lines())
          .contains(
              "Could not tell the hub that this worker is stopping: the broker does not respond");
    }
  }
}
