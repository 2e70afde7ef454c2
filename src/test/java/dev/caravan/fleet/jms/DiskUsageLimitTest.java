package dev.caravan.fleet.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.testing.Caravan;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Queue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker whose files may take 40 MB, of which its empty journal takes a few. */
class DiskUsageLimitTest {

  private static final long LIMIT = 40_000_000;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private EmbeddedBroker broker;
  private String url;
  private JMSContext hub;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException, JMSException {
    url = "tcp://127.0.0.1:" + Caravan.freePort();
    broker = EmbeddedBroker.start(folder, BrokerAcceptor.unsecured(url), LIMIT);
    hub = context(EmbeddedBroker.URL);
  }

  @AfterEach
  void stop() throws IOException {
    hub.close();
    broker.close();
  }

  private static JMSContext context(String url) throws JMSException {
    return new BrokerEndpoint(url, "", "", TlsStores.NONE).connectionFactory().createContext();
  }

  @Test
  void refusesMessagesFromTheNetworkUntilTheHubHasReadSome() throws JMSException {
    // when
    await().atMost(PATIENCE).until(() -> sendFromTheNetwork(4_000_000), Optional::isPresent);

    // then
    assertThat(sendFromTheNetwork(10))
        .hasValueSatisfying(e -> assertThat(e).hasMessageContaining("caravan.broker.max-disk"));
    assertThatCode(() -> send(hub, 10)).doesNotThrowAnyException();
    try (JMSConsumer reader = hub.createConsumer(hub.createQueue(Destinations.OUTCOMES))) {
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                reader.receive(100);
                return sendFromTheNetwork(10);
              },
              Optional::isEmpty);
    }
  }

  /**
   * Artemis tells a sender nothing of the message itself, whose transaction succeeded without it.
   */
  @Test
  void failsTheTransactionOfAMessageThatIsRefused() throws JMSException {
    // given
    await().atMost(PATIENCE).until(() -> sendFromTheNetwork(4_000_000), Optional::isPresent);

    // when, then
    try (JMSContext network = context(url);
        JMSContext transacted = network.createContext(JMSContext.SESSION_TRANSACTED)) {
      send(transacted, 10);
      assertThatThrownBy(transacted::commit).hasMessageContaining("caravan.broker.max-disk");
    }
  }

  @Test
  void failsTheTransactionOfAMessageThatIsTooLarge() {
    // given
    try (JMSContext transacted = hub.createContext(JMSContext.SESSION_TRANSACTED)) {
      Queue queue = transacted.createQueue(Destinations.SUBMIT);
      transacted.createProducer().send(queue, new byte[5_000_000]);

      // when, then
      assertThatThrownBy(transacted::commit).hasMessageContaining("must not exceed 4194304");
    }
  }

  /** One message that never ends would fill the disk before it is refused as a whole. */
  @Test
  void endsTheConnectionOfAnEndlessMessage() throws JMSException {
    try (JMSContext network = context(url)) {
      BytesMessage endless = network.createBytesMessage();
      endless.setObjectProperty("JMS_AMQ_InputStream", new Zeros());
      Queue queue = network.createQueue(Destinations.OUTCOMES);
      assertThatThrownBy(() -> network.createProducer().send(queue, endless))
          .isInstanceOf(JMSRuntimeException.class);
    }
    assertThatCode(() -> send(hub, 10)).doesNotThrowAnyException();
  }

  private Optional<JMSRuntimeException> sendFromTheNetwork(int bytes) throws JMSException {
    try (JMSContext network = context(url)) {
      send(network, bytes);
      return Optional.empty();
    } catch (JMSRuntimeException e) {
      return Optional.of(e);
    }
  }

  private static void send(JMSContext context, int bytes) {
    context.createProducer().send(context.createQueue(Destinations.OUTCOMES), new byte[bytes]);
  }

  /** Ten thousand times the limit. */
  private static final class Zeros extends InputStream {

    private long left = LIMIT * 10_000;

    @Override
    public int read() {
      return left-- > 0 ? 0 : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      left -= length;
      return left > 0 ? length : -1;
    }
  }
}
