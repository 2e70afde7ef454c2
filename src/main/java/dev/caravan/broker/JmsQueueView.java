package dev.caravan.broker;

import dev.caravan.remote.QueueView;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import java.io.IOException;
import java.util.Enumeration;

/** Looks into queues by browsing them. */
public final class JmsQueueView implements QueueView {

  private final ConnectionFactory connections;

  public JmsQueueView(ConnectionFactory connections) {
    this.connections = connections;
  }

  @Override
  public boolean holds(String pool, String ticket) throws IOException {
    try (Connection connection = connections.createConnection();
        Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        QueueBrowser browser = session.createBrowser(session.createQueue(Places.runs(pool)))) {
      connection.start();
      Enumeration<?> messages = browser.getEnumeration();
      while (messages.hasMoreElements()) {
        if (ticket.equals(((Message) messages.nextElement()).getStringProperty(Places.TICKET))) {
          return true;
        }
      }
      return false;
    } catch (JMSException e) {
      throw new IOException("the queue of pool " + pool + " cannot be looked into", e);
    }
  }
}
