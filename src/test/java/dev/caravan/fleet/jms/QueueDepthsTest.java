package dev.caravan.fleet.jms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.fleet.hub.QueueDepths;
import dev.caravan.fleet.hub.QueueState;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queue depths of a real broker, read directly and by browsing. */
class QueueDepthsTest {

  @Test
  void reportsTheDepthOfEachQueueAndTheAgeOfItsFirstMessage(@TempDir Path folder) throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder, "")) {
      // given
      ConnectionFactory connections =
          new BrokerEndpoint("vm://0", "", "", TlsStores.NONE).connectionFactory();
      long before = System.currentTimeMillis();
      send(connections, "a", 3);
      send(connections, "b", 1);

      for (QueueDepths depths : List.of(broker, new JmsQueueInspector(connections))) {
        // when
        Map<String, QueueState> states = depths.of(List.of("a", "b", "unused"));

        // then
        Duration atMost = Duration.ofMillis(System.currentTimeMillis() - before);
        assertThat(states.get("a").depth()).isEqualTo(3);
        assertThat(states.get("a").oldest()).isBetween(Duration.ofMillis(1), atMost);
        assertThat(states.get("b").depth()).isEqualTo(1);
        assertThat(states.get("b").oldest()).isBetween(Duration.ZERO, atMost);
        assertThat(states.get("unused")).isEqualTo(QueueState.EMPTY);
      }
    }
  }

  private static void send(ConnectionFactory connections, String pool, int count) throws Exception {
    try (Connection connection = connections.createConnection();
        Session session = connection.createSession();
        MessageProducer to = session.createProducer(session.createQueue(Destinations.runs(pool)))) {
      for (int n = 0; n < count; n++) {
        to.send(session.createTextMessage("run " + n));
      }
    }
  }
}
