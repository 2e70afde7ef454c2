package dev.caravan.fleet.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.testing.Caravan;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.StreamMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages that the hub would have to read into memory. */
class MessageSizeLimitsTest {

  private static final int LARGE = 5_000_000;

  private EmbeddedBroker broker;
  private JMSContext network;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException, JMSException {
    String url = "tcp://127.0.0.1:" + Caravan.freePort();
    broker = EmbeddedBroker.start(folder, url);
    network = new BrokerEndpoint(url, "", "", TlsStores.NONE).connectionFactory().createContext();
  }

  @AfterEach
  void stop() throws IOException {
    network.close();
    broker.close();
  }

  @Test
  void takesALargeOutcomeAsBytesOnly() throws JMSException {
    // given
    BytesMessage bytes = network.createBytesMessage();
    bytes.writeBytes(new byte[LARGE]);
    MapMessage map = network.createMapMessage();
    map.setBytes("x", new byte[LARGE]);
    StreamMessage stream = network.createStreamMessage();
    stream.writeBytes(new byte[LARGE]);

    // then
    assertThatCode(() -> send(bytes)).doesNotThrowAnyException();
    for (Message odd : List.of(network.createTextMessage("x".repeat(LARGE)), map, stream)) {
      assertThatThrownBy(() -> send(odd)).hasMessageContaining("must not exceed 4194304 bytes");
    }
    assertThat(broker.of(List.of("any"))).isNotEmpty();
  }

  private void send(Message message) {
    network.createProducer().send(network.createQueue(Destinations.OUTCOMES), message);
  }
}
