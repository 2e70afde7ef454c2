package dev.caravan.fleet.jms;

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
 * Executes one run after the other. A message is acknowledged once its run is in the spool, and
 * nothing is taken while a run is executed: the session is closed meanwhile, so that the broker
 * gives this slot nothing that another worker could do.
 */
public final class RunSlot implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(RunSlot.class);
  private static final long LOOK_MILLIS = 500;

  /** What a worker does with a message. */
  public interface Work {

    /** Whether a run could be executed now. */
    boolean mayTake();

    /**
     * Keeps a run that came; on the disk when this returns.
     *
     * @return its deliveryId; empty when it is here already
     * @throws IllegalArgumentException when the text is no run
     */
    Optional<String> take(String text) throws IOException;

    /** The broker knows that this run is here: it will give it to nobody else. */
    void begin(String deliveryId) throws IOException;

    /** Forgets a run that the broker may give to another. */
    void drop(String deliveryId) throws IOException;

    /** Executes the run to its end. */
    void execute(String deliveryId);
  }

  private final ConnectionFactory connections;
  private final List<String> queues;
  private final Work work;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private Optional<Connection> connection = Optional.empty();
  private boolean well = true;

  /** A slot that takes runs of these pools. */
  public RunSlot(ConnectionFactory connections, List<String> pools, Work work) {
    this.connections = connections;
    this.queues = pools.stream().map(Destinations::runs).toList();
    this.work = work;
  }

  @Override
  public void run() {
    while (!isStopped()) {
      next().ifPresent(work::execute);
    }
    close();
  }

  /** Takes no further run; the one that is executed goes on. */
  public void stop() {
    stopped.countDown();
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  private Optional<String> next() {
    try {
      if (work.mayTake()) {
        return receive();
      }
    } catch (JMSException | IOException | RuntimeException e) {
      LOG.debug("No run can be taken", e);
      if (well) {
        LOG.warn("No run can be taken now: {}", e.getMessage());
      }
      well = false;
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
      long wait = Math.max(1, LOOK_MILLIS / consumers.size());
      while (!isStopped() && work.mayTake()) {
        for (MessageConsumer consumer : consumers) {
          Message message = consumer.receive(wait);
          if (message != null) {
            return taken(session, message);
          }
        }
      }
      return Optional.empty();
    }
  }

  private Optional<String> taken(Session session, Message message)
      throws JMSException, IOException {
    Optional<String> deliveryId = Optional.empty();
    try {
      if (!(message instanceof TextMessage text)) {
        throw new IllegalArgumentException("is no text message");
      }
      deliveryId = work.take(text.getText());
    } catch (IllegalArgumentException e) {
      LOG.warn("A message in the queue of runs is none: {}", e.getMessage());
      DeadLetterQueue.keep(session, message, e.getMessage());
    }
    acknowledge(message, deliveryId);
    return deliveryId;
  }

  /**
   * When the broker does not confirm, another may be given the run; when that cannot be noted, the
   * hub is to miss it. Either way it must not be begun here.
   */
  private void acknowledge(Message message, Optional<String> deliveryId)
      throws JMSException, IOException {
    boolean begun = false;
    try {
      message.acknowledge();
      if (deliveryId.isPresent()) {
        work.begin(deliveryId.get());
      }
      begun = true;
    } finally {
      if (!begun && deliveryId.isPresent()) {
        work.drop(deliveryId.get());
      }
    }
  }

  private Connection connection() throws JMSException {
    if (connection.isEmpty()) {
      Connection opened = connections.createConnection();
      connection = Optional.of(opened);
      opened.start();
      if (!well) {
        LOG.info("Runs can be taken again");
      }
      well = true;
    }
    return connection.get();
  }

  private void close() {
    if (connection.isPresent()) {
      try {
        connection.get().close();
      } catch (JMSException e) {
        LOG.debug("A connection was not closed", e);
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
