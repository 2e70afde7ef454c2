package dev.caravan.fleet.jms;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a slot receives a run, also when the broker or the disk fails in between. */
class RunSlotTest {

  private static final long PATIENT_MS = 60_000;
  private static final long IMPATIENT_MS = 2_000;

  private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
  private final CountDownLatch received = new CountDownLatch(1);
  private final CountDownLatch proceed = new CountDownLatch(1);

  private volatile boolean diskFull;
  private EmbeddedBroker broker;
  private ActiveMQConnectionFactory connections;
  private RunSlot slot;
  private Thread thread;

  @BeforeEach
  void prepare(@TempDir Path folder) throws Exception {
    broker = EmbeddedBroker.start(folder, "");
  }

  /** Starts a slot that waits this long for each answer of the broker. */
  private void start(long callTimeoutMs) throws Exception {
    BrokerEndpoint endpoint = new BrokerEndpoint(EmbeddedBroker.URL, "", "", TlsStores.NONE);
    connections = endpoint.connectionFactory();
    connections.setCallTimeout(callTimeoutMs);
    slot = new RunSlot(connections, List.of("default"), new RecordingHandler());
    try (var jms = connections.createContext()) {
      jms.createProducer().send(jms.createQueue(Destinations.runs("default")), "run");
    }
    thread = new Thread(slot, "slot");
    thread.setDaemon(true);
    thread.start();
  }

  @AfterEach
  void end() throws Exception {
    proceed.countDown();
    slot.stop();
    connections.close();
    thread.join(); // else it may take the message of the next test
    broker.close();
  }

  @Test
  void executesARunAfterTheBrokerConfirmedIt() throws Exception {
    start(PATIENT_MS);
    proceed.countDown();
    assertThat(next()).isEqualTo("receive");
    assertThat(next()).isEqualTo("confirm");
    assertThat(next()).isEqualTo("execute");
  }

  @Test
  void blocksOnAcknowledgements() throws Exception {
    start(PATIENT_MS);
    proceed.countDown();
    assertThat(connections.isBlockOnAcknowledge()).isTrue();
  }

  @Test
  void discardsARunWhoseAcknowledgementDoesNotReachTheBroker() throws Exception {
    // given
    start(IMPATIENT_MS);
    received.await();

    // when
    broker.close();
    proceed.countDown();

    // then
    assertThat(next()).isEqualTo("receive");
    assertThat(next()).isEqualTo("discard");
  }

  @Test
  void discardsARunWhoseConfirmationCannotBeStored() throws Exception {
    // given
    start(PATIENT_MS);
    received.await();
    diskFull = true;

    // when
    proceed.countDown();

    // then
    assertThat(next()).isEqualTo("receive");
    assertThat(next()).isEqualTo("confirm");
    assertThat(next()).isEqualTo("discard");
  }

  private String next() throws InterruptedException {
    return calls.poll(60, TimeUnit.SECONDS);
  }

  private final class RecordingHandler implements RunSlot.Handler {

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public Optional<String> receive(String text) {
      calls.add("receive");
      received.countDown();
      try {
        proceed.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return Optional.of("delivery-id");
    }

    @Override
    public void confirm(String deliveryId) throws IOException {
      calls.add("confirm");
      if (diskFull) {
        throw new IOException("No space left on device");
      }
    }

    @Override
    public void discard(String deliveryId) {
      calls.add("discard");
    }

    @Override
    public void execute(String deliveryId) {
      calls.add("execute");
    }
  }
}
