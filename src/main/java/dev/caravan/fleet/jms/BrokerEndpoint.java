package dev.caravan.fleet.jms;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.util.Optional;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.messaginghub.pooled.jms.JmsPoolConnectionFactory;

/**
 * How to reach the broker: an Artemis, by its own client.
 *
 * @param url such as {@code tcp://hub:61616}
 * @param user empty for none
 * @param password of the user
 * @param trust what its certificate must come from; without it the url says whether there is TLS
 */
public record BrokerEndpoint(String url, String user, String password, Optional<TlsStore> trust) {

  /**
   * Window 0 lets no worker hoard what another could do; nothing that comes is ever deserialised
   * (CVE-2026-40860); a lost connection is noticed rather than mended in silence, so that leases
   * hold; a run is begun only when the broker has confirmed that it will give it to nobody else.
   */
  private static final String OPTIONS =
      "consumerWindowSize=0&deserializationDenyList=*&reconnectAttempts=0"
          + "&initialConnectAttempts=1&callTimeout=15000&minLargeMessageSize=262144"
          + "&blockOnAcknowledge=true";

  /** Connections of one's own. */
  public ActiveMQConnectionFactory connections() throws JMSException {
    String full = url + (url.contains("?") ? "&" : "?") + OPTIONS;
    if (trust.isPresent()) {
      full += "&sslEnabled=true&verifyHost=true" + trust.get().options("trust");
    }
    ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(full);
    if (!user.isEmpty()) {
      factory.setUser(user);
      factory.setPassword(password);
    }
    return factory;
  }

  /** Connections shared by all who send; close it in the end. */
  public JmsPoolConnectionFactory pool() throws JMSException {
    JmsPoolConnectionFactory pool = new JmsPoolConnectionFactory();
    ConnectionFactory plain = connections();
    pool.setConnectionFactory(plain);
    pool.setMaxConnections(1);
    return pool;
  }

  @Override
  public String toString() {
    return url;
  }
}
