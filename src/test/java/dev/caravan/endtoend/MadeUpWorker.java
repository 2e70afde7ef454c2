package dev.caravan.endtoend;

import static dev.caravan.testing.Results.eventually;

import dev.caravan.fleet.protocol.Heartbeat;
import dev.caravan.storage.Json;
import jakarta.jms.JMSContext;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/** A worker named made-up that takes no run: it sends heartbeats until it is closed. */
final class MadeUpWorker implements AutoCloseable {

  private final ActiveMQConnectionFactory connections;
  private final JMSContext jms;
  private final String pool;
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private volatile String refusal = "";

  MadeUpWorker(String broker, String pool) {
    this.pool = pool;
    connections = new ActiveMQConnectionFactory(broker);
    jms = connections.createContext();
    thread.scheduleWithFixedDelay(this::beat, 0, 300, TimeUnit.MILLISECONDS);
  }

  /** From its next heartbeat on it accepts no runs, for this reason. */
  void refuse(String reason) {
    refusal = reason;
  }

  private void beat() {
    Heartbeat heartbeat =
        new Heartbeat(
            1,
            "made-up",
            "made-up",
            List.of(pool),
            1,
            "0.13.0",
            Set.of(),
            Map.of(),
            refusal,
            false);
    jms.createProducer().send(jms.createQueue("caravan.heartbeats"), Json.text(heartbeat));
  }

  @Override
  public void close() {
    thread.shutdown();
    eventually().until(thread::isTerminated);
    jms.close();
    connections.close();
  }
}
