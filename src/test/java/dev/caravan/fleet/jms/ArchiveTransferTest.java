package dev.caravan.fleet.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.messaginghub.pooled.jms.JmsPoolConnectionFactory;

/** Sending files, and telling a file that cannot be read from a broker that takes none. */
class ArchiveTransferTest {

  private static final String QUEUE = "some-queue";
  private static final int LARGE = 1 << 20;
  private static final long PATIENCE_MS = 60_000;

  private final JmsPoolConnectionFactory pool = new JmsPoolConnectionFactory();
  private final ArchiveTransfer transfer = new ArchiveTransfer(pool);
  private ActiveMQConnectionFactory connections;
  private EmbeddedBroker broker;

  @TempDir private Path folder;

  @BeforeEach
  void startBroker() throws IOException {
    broker = EmbeddedBroker.start(folder.resolve("broker"), "");
    connections = new ActiveMQConnectionFactory(EmbeddedBroker.URL);
    pool.setConnectionFactory(connections);
    pool.setMaxConnections(1);
  }

  @AfterEach
  void stopBroker() throws IOException {
    pool.stop();
    connections.close();
    broker.close();
  }

  /** Fails after the first packets. */
  private static InputStream failing() {
    return new InputStream() {
      private int left = LARGE / 2;

      @Override
      public int read() throws IOException {
        if (left-- <= 0) {
          throw new IOException("Input/output error");
        }
        return left * 31 & 0xff;
      }
    };
  }

  @ParameterizedTest
  @ValueSource(longs = {1, LARGE})
  void tellsThatAFileCannotBeReadAndSendsTheNext(long size) throws Exception {
    // given
    byte[] content = new byte[LARGE];
    new Random(1).nextBytes(content);
    Path whole = Files.write(folder.resolve("whole"), content);

    // when, then
    assertThatThrownBy(
            () ->
                transfer.send(
                    failing(),
                    size,
                    session -> session.createQueue(QUEUE),
                    DeliveryMode.PERSISTENT,
                    Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessage("Input/output error");

    // when: on the same session, which still is in the pool
    transfer.send(whole, QUEUE);

    // then
    Path received = folder.resolve("received");
    try (JMSContext context = connections.createContext();
        JMSConsumer consumer = context.createConsumer(context.createQueue(QUEUE))) {
      ArchiveTransfer.save(consumer.receive(PATIENCE_MS), received);
      assertThat(received).hasBinaryContent(content);
      assertThat(consumer.receiveNoWait()).isNull();
    }
  }

  @Test
  void tellsAFileThatIsGoneFromABrokerThatIsAway() throws Exception {
    // given
    Path file = Files.writeString(folder.resolve("file"), "x");
    Path gone = folder.resolve("gone");

    // then
    assertThatThrownBy(() -> transfer.send(gone, QUEUE)).isInstanceOf(NoSuchFileException.class);

    // when
    broker.close();

    // then
    assertThatThrownBy(() -> transfer.send(gone, QUEUE)).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> transfer.send(file, QUEUE)).isInstanceOf(JMSException.class);
  }

  @Test
  void tellsThatTheConnectionsAreClosed() throws Exception {
    // given
    Path file = Files.writeString(folder.resolve("file"), "x");

    // when
    pool.stop();

    // then
    assertThatThrownBy(() -> transfer.send(file, QUEUE))
        .isInstanceOf(JMSException.class)
        .hasMessage("the connections to the broker are closed");
  }
}
