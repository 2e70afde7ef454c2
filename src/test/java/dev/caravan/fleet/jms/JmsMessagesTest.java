package dev.caravan.fleet.jms;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** By what messages are told apart. */
class JmsMessagesTest {

  private static final String QUEUE = "caravan.some";

  private EmbeddedBroker broker;
  private ActiveMQConnectionFactory connections;

  @BeforeEach
  void prepare(@TempDir Path folder) throws Exception {
    broker = EmbeddedBroker.start(folder, "");
    connections =
        new BrokerEndpoint(EmbeddedBroker.URL, "", "", TlsStores.NONE).connectionFactory();
  }

  @AfterEach
  void end() throws Exception {
    connections.close();
    broker.close();
  }

  @Test
  void tellsMessagesApartWhoseSendersGiveThemNoId() throws Exception {
    // given
    sendWithoutId("config");
    sendWithoutId("config");

    // when
    String first = receive();
    String second = receive();

    // then
    assertThat(first).isNotEqualTo(second);
  }

  @Test
  void recognizesAMessageWithoutAnIdThatIsDeliveredAgain() throws Exception {
    // given
    sendWithoutId("config");

    // when
    String notAcknowledged;
    try (JMSContext reader = connections.createContext(JMSContext.SESSION_TRANSACTED)) {
      notAcknowledged = id(reader);
    }

    // then
    assertThat(receive()).isEqualTo(notAcknowledged);
  }

  private void sendWithoutId(String text) {
    try (JMSContext sender = connections.createContext()) {
      sender.createProducer().setDisableMessageID(true).send(sender.createQueue(QUEUE), text);
    }
  }

  private String receive() throws JMSException {
    try (JMSContext reader = connections.createContext()) {
      return id(reader);
    }
  }

  private static String id(JMSContext reader) throws JMSException {
    Message message = reader.createConsumer(reader.createQueue(QUEUE)).receive(60_000);
    return JmsMessages.dedupeId(
        message, message.getBody(String.class).getBytes(StandardCharsets.UTF_8));
  }
}
