package dev.caravan.app.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import dev.caravan.fleet.jms.ArchiveTransfer;
import dev.caravan.fleet.jms.EmbeddedBroker;
import dev.caravan.testing.CapturedLog;
import jakarta.jms.Connection;
import jakarta.jms.Message;
import jakarta.jms.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a hub says when its disk takes no outcome: it is no outage of the broker. */
class FullDiskTest {

  /** Written when the file is closed, at once, and as a stream of packets. */
  @ParameterizedTest
  @SuppressWarnings("try") // the broker only has to run
  @ValueSource(ints = {400, 40_000, 5_000_000})
  void saysThatAFileCannotBeWritten(int size, @TempDir Path folder) throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), "");
        ActiveMQConnectionFactory connections = new ActiveMQConnectionFactory(EmbeddedBroker.URL);
        CapturedLog log = CapturedLog.of(RouteErrorLogger.class)) {
      // given
      byte[] content = new byte[size];
      new Random(1).nextBytes(content); // else it is packed until it is small
      Path file = Files.write(folder.resolve("file"), content);
      new ArchiveTransfer(connections).send(file, "some-queue");

      // when
      IOException failure = failureToSave(connections, Path.of("/dev/full"));
      new RouteErrorLogger().logUnlessBroker("Could not handle a message", failure);

      // then
      assertThat(log.lines())
          .containsExactly(
              "Could not handle a message: java.io.IOException: could not write to /dev: No space"
                  + " left on device");
      assertThat(log.levels()).containsExactly(Level.ERROR);
      assertThat(log.traces()).isEmpty();
    }
  }

  private static IOException failureToSave(ActiveMQConnectionFactory connections, Path file)
      throws Exception {
    try (Connection connection = connections.createConnection();
        Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
      connection.start();
      Message message = session.createConsumer(session.createQueue("some-queue")).receive(60_000);
      return catchThrowableOfType(IOException.class, () -> ArchiveTransfer.save(message, file));
    }
  }
}
