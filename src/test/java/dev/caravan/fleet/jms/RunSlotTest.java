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

/** What a slot does with a run when the broker does not confirm that it is the slot's. */
class RunSlotTest {

  private final BlockingQueue<String> did = new LinkedBlockingQueue<>();
  private final CountDownLatch taken = new CountDownLatch(1);
  private final CountDownLatch gone = new CountDownLatch(1);

  private volatile boolean diskFull;
  private EmbeddedBroker broker;
  private ActiveMQConnectionFactory connections;
  private RunSlot slot;

  @BeforeEach
  void prepare(@TempDir Path folder) throws Exception {
    broker = EmbeddedBroker.start(folder, "");
    BrokerEndpoint access = new BrokerEndpoint(EmbeddedBroker.URL, "", "", Optional.empty());
    connections = access.connections();
    slot = new RunSlot(connections, List.of("default"), new Recording());
    try (var jms = connections.createContext()) {
      jms.createProducer().send(jms.createQueue(Destinations.runs("default")), "run");
    }
    Thread thread = new Thread(slot, "slot");
    thread.setDaemon(true);
    thread.start();
  }

  @AfterEach
  void end() throws Exception {
    gone.countDown();
    slot.stop();
    connections.close();
    broker.close();
  }

  @Test
  void beginsARunThatTheBrokerGivesToNobodyElse() throws Exception {
    gone.countDown();
    assertThat(next()).isEqualTo("take");
    assertThat(next()).isEqualTo("begin");
    assertThat(next()).isEqualTo("execute");
  }

  @Test
  void waitsForTheBrokerToConfirmAcknowledgements() {
    gone.countDown();
    assertThat(connections.isBlockOnAcknowledge()).isTrue();
  }

  @Test
  void dropsARunWhoseAcknowledgementDoesNotReachTheBroker() throws Exception {
    // given
    taken.await();

    // when
    broker.close();
    gone.countDown();

    // then
    assertThat(next()).isEqualTo("take");
    assertThat(next()).isEqualTo("drop");
  }

  @Test
  void dropsARunWhoseBeginCannotBeNoted() throws Exception {
    // given
    taken.await();
    diskFull = true;

    // when
    gone.countDown();

    // then
    assertThat(next()).isEqualTo("take");
    assertThat(next()).isEqualTo("begin");
    assertThat(next()).isEqualTo("drop");
  }

  private String next() throws InterruptedException {
    return did.poll(60, TimeUnit.SECONDS);
  }

  private final class Recording implements RunSlot.Work {

    @Override
    public boolean mayTake() {
      return true;
    }

    @Override
    public Optional<String> take(String text) {
      did.add("take");
      taken.countDown();
      try {
        gone.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return Optional.of("ticket");
    }

    @Override
    public void begin(String deliveryId) throws IOException {
      did.add("begin");
      if (diskFull) {
        throw new IOException("No space left on device");
      }
    }

    @Override
    public void drop(String deliveryId) {
      did.add("drop");
    }

    @Override
    public void execute(String deliveryId) {
      did.add("execute");
    }
  }
}
