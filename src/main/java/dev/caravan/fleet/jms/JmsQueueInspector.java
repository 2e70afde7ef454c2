package dev.caravan.fleet.jms;

import dev.caravan.fleet.hub.QueueDepths;
import dev.caravan.fleet.hub.QueueInspector;
import dev.caravan.fleet.hub.QueueState;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Inspects queues with a JMS browser; works with any broker. */
public final class JmsQueueInspector implements QueueInspector, QueueDepths {

  /** Longer queues are not browsed to the end; their state is unknown. */
  private static final int MAX_BROWSED = 10_000;

  private final ConnectionFactory connections;

  public JmsQueueInspector(ConnectionFactory connections) {
    this.connections = connections;
  }

  @Override
  public boolean contains(String pool, String deliveryId) throws IOException {
    try (Connection connection = connections.createConnection();
        Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        QueueBrowser browser =
            session.createBrowser(session.createQueue(Destinations.runs(pool)))) {
      connection.start();
      Enumeration<?> messages = browser.getEnumeration();
      while (messages.hasMoreElements()) {
        if (deliveryId.equals(
            ((Message) messages.nextElement()).getStringProperty(Destinations.DELIVERY_ID))) {
          return true;
        }
      }
      return false;
    } catch (JMSException e) {
      throw new IOException("cannot browse the queue of pool " + pool, e);
    }
  }

  @Override
  public Map<String, QueueState> of(Collection<String> pools) throws IOException {
    try (Connection connection = connections.createConnection();
        Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
      connection.start();
      Map<String, QueueState> states = new HashMap<>();
      for (String pool : pools) {
        state(session, pool).ifPresent(state -> states.put(pool, state));
      }
      return states;
    } catch (JMSException e) {
      throw new IOException("cannot browse the queues of pools", e);
    }
  }

  private static Optional<QueueState> state(Session session, String pool) throws JMSException {
    try (QueueBrowser browser =
        session.createBrowser(session.createQueue(Destinations.runs(pool)))) {
      Enumeration<?> messages = browser.getEnumeration();
      long depth = 0;
      Duration oldest = Duration.ZERO;
      while (messages.hasMoreElements() && depth <= MAX_BROWSED) {
        Message message = (Message) messages.nextElement();
        oldest = depth == 0 ? age(message.getJMSTimestamp()) : oldest;
        depth++;
      }
      return depth > MAX_BROWSED ? Optional.empty() : Optional.of(new QueueState(depth, oldest));
    }
  }

  /** Time since a message was sent, as the difference of two machines' clocks. */
  static Duration age(long sentAt) {
    return Duration.ofMillis(Math.max(0, System.currentTimeMillis() - sentAt));
  }
}
