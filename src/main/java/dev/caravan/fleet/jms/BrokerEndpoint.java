package dev.caravan.fleet.jms;

import jakarta.jms.JMSException;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.messaginghub.pooled.jms.JmsPoolConnectionFactory;

/**
 * How to connect to an Artemis broker with its own client.
 *
 * @param url for example {@code tcp://hub:61616}
 * @param user user name; empty for none
 * @param password password of the user
 * @param tls trust store for the broker's certificate, and key for a broker that asks for one; each
 *     turns TLS on. Without them the URL decides
 */
public record BrokerEndpoint(String url, String user, String password, TlsStores tls) {

  /**
   * Window 0 keeps a worker from prefetching runs that another could execute. Messages are never
   * deserialized (CVE-2026-40860). The client does not reconnect silently, so that leases are
   * accurate. Acknowledgements block, so that a run starts only after the broker has confirmed that
   * it will not redeliver it.
   */
  private static final String OPTIONS =
      "consumerWindowSize=0&deserializationDenyList=*&reconnectAttempts=0"
          + "&initialConnectAttempts=1&callTimeout=15000&minLargeMessageSize=262144"
          + "&blockOnAcknowledge=true";

  /** Creates unshared connections. */
  public ActiveMQConnectionFactory connectionFactory() throws JMSException {
    String full = url + (url.contains("?") ? "&" : "?") + OPTIONS + tls.clientOptions();
    ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(full);
    if (!user.isEmpty()) {
      factory.setUser(user);
      factory.setPassword(password);
    }
    return factory;
  }

  /** Creates sessions on one shared connection, for senders; stop it when done. */
  public JmsPoolConnectionFactory pooledConnectionFactory() throws JMSException {
    JmsPoolConnectionFactory pool = new JmsPoolConnectionFactory();
    pool.setConnectionFactory(connectionFactory());
    pool.setMaxConnections(1);
    return pool;
  }

  @Override
  public String toString() {
    return url;
  }
}
