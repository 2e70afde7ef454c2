package dev.caravan.fleet.jms;

import dev.caravan.storage.RepeatedTrouble;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes runs one after another. A message is acknowledged once its run is in the spool. While a
 * run executes, the session is closed, so that the broker delivers no run that another worker could
 * execute.
 */
public final class RunSlot implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(RunSlot.class);
  private static final long POLL_MILLIS = 500;
  private static final String RUNS = "runs";

  /** What a worker does with the runs that a slot receives. */
  public interface Handler {

    /** Whether a run can be executed now. */
    boolean isReady();

    /**
     * Stores a received run; synced when this returns.
     *
     * @return its delivery id; empty when the run is already stored
     * @throws IllegalArgumentException when the text is not an assignment
     */
    Optional<String> receive(String text) throws IOException;

    /** The broker has confirmed the acknowledgement and will not redeliver the run. */
    void confirm(String deliveryId) throws IOException;

    /** Removes a run that the broker may redeliver to another worker. */
    void discard(String deliveryId) throws IOException;

    /** Executes the run; returns when it has ended. */
    void execute(String deliveryId);
  }

  private final ConnectionFactory connections;
  private final List<String> queues;
  private final Handler handler;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private Optional<Connection> connection = Optional.empty();
  private final RepeatedTrouble trouble = new RepeatedTrouble(System::nanoTime);

  /** Creates a slot that receives runs of these pools. */
  public RunSlot(ConnectionFactory connections, List<String> pools, Handler handler) {
    this.connections = connections;
    this.queues = pools.stream().map(Destinations::runs).toList();
    this.handler = handler;
  }

  @Override
  public void run() {
    while (!isStopped()) {
      next().ifPresent(handler::execute);
    }
    close();
  }

  /** Stops receiving runs; a running one continues. */
  public void stop() {
    stopped.countDown();
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  private Optional<String> next() {
    try {
      if (handler.isReady()) {
        return receive();
      }
    } catch (JMSException | IOException | RuntimeException e) {
      LOG.debug("Cannot receive runs", e);
      if (!isStopped() && trouble.add(RUNS, BrokerWait.reason(e))) {
        LOG.warn("Cannot receive runs: {}", BrokerWait.reason(e));
      }
      close();
    }
    pause();
    return Optional.empty();
  }

  private Optional<String> receive() throws JMSException, IOException {
    try (Session session = connection().createSession(false, Session.CLIENT_ACKNOWLEDGE)) {
      List<MessageConsumer> consumers = new ArrayList<>();
      for (String queue : queues) {
        consumers.add(session.createConsumer(session.createQueue(queue)));
      }
      long wait = Math.max(1, POLL_MILLIS / consumers.size());
      while (!isStopped() && handler.isReady()) {
        for (MessageConsumer consumer : consumers) {
          Message message = consumer.receive(wait);
          if (message != null) {
            return store(session, message);
          }
        }
      }
      return Optional.empty();
    }
  }

  private Optional<String> store(Session session, Message message)
      throws JMSException, IOException {
    Optional<String> deliveryId = Optional.empty();
    try {
      if (!(message instanceof TextMessage text)) {
        throw new IllegalArgumentException("not a text message");
      }
      deliveryId = handler.receive(text.getText());
    } catch (IllegalArgumentException e) {
      LOG.warn("Invalid message in the queue of runs: {}", e.getMessage());
      DeadLetterQueue.send(session, message, e.getMessage());
    }
    acknowledge(message, deliveryId);
    return deliveryId;
  }

  /**
   * If the broker does not confirm, it may redeliver the run to another worker; if the confirmation
   * cannot be stored, the run's lease on the hub must expire. In both cases it must not start here.
   */
  private void acknowledge(Message message, Optional<String> deliveryId)
      throws JMSException, IOException {
    boolean confirmed = false;
    try {
      message.acknowledge();
      if (deliveryId.isPresent()) {
        handler.confirm(deliveryId.get());
      }
      confirmed = true;
    } finally {
      if (!confirmed && deliveryId.isPresent()) {
        handler.discard(deliveryId.get());
      }
    }
  }

  private Connection connection() throws JMSException {
    if (connection.isEmpty()) {
      Connection opened = connections.createConnection();
      connection = Optional.of(opened);
      opened.start();
      if (trouble.over(RUNS)) {
        LOG.info("Receiving runs again");
      }
    }
    return connection.get();
  }

  private void close() {
    if (connection.isPresent()) {
      try {
        connection.get().close();
      } catch (JMSException e) {
        LOG.debug("Could not close a connection", e);
      }
      connection = Optional.empty();
    }
  }

  private void pause() {
    try {
      stopped.await(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop();
    }
  }
}
