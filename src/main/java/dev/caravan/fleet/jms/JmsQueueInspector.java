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

/** Looks into queues by browsing them. */
public final class JmsQueueInspector implements QueueInspector, QueueDepths {

  /** Whoever has more waiting is not browsed through to the end. */
  private static final int MOST = 10_000;

  private final ConnectionFactory connections;

  public JmsQueueInspector(ConnectionFactory connections) {
    this.connections = connections;
  }

  @Override
  public boolean holds(String pool, String deliveryId) throws IOException {
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
      throw new IOException("the queue of pool " + pool + " cannot be looked into", e);
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
      throw new IOException("the queues of pools cannot be looked into", e);
    }
  }

  private static Optional<QueueState> state(Session session, String pool) throws JMSException {
    try (QueueBrowser browser =
        session.createBrowser(session.createQueue(Destinations.runs(pool)))) {
      Enumeration<?> messages = browser.getEnumeration();
      long depth = 0;
      Duration oldest = Duration.ZERO;
      while (messages.hasMoreElements() && depth <= MOST) {
        Message message = (Message) messages.nextElement();
        oldest = depth == 0 ? age(message.getJMSTimestamp()) : oldest;
        depth++;
      }
      return depth > MOST ? Optional.empty() : Optional.of(new QueueState(depth, oldest));
    }
  }

  /** Time since a message was sent, by the clocks of two machines. */
  static Duration age(long sentAt) {
    return Duration.ofMillis(Math.max(0, System.currentTimeMillis() - sentAt));
  }
}
