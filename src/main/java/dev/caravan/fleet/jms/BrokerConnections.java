package dev.caravan.fleet.jms;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.fleet.hub.QueueDepths;
import dev.caravan.storage.Home;
import dev.caravan.storage.StateFolder;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.util.Optional;
import org.messaginghub.pooled.jms.JmsPoolConnectionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A daemon's connections to the broker. Starts and stops the broker when it is the embedded one.
 */
public final class BrokerConnections implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BrokerConnections.class);

  private final BrokerEndpoint endpoint;
  private final Optional<EmbeddedBroker> embedded;
  private final JmsPoolConnectionFactory pool;

  private BrokerConnections(BrokerEndpoint endpoint, Optional<EmbeddedBroker> embedded)
      throws JMSException {
    this.endpoint = endpoint;
    this.embedded = embedded;
    this.pool = endpoint.pooledConnectionFactory();
  }

  /** Starts the broker if it is embedded, and prepares connections. */
  public static BrokerConnections open(Settings settings) throws IOException {
    BrokerSettings brokerSettings = BrokerSettings.of(settings);
    Home home = new Home(settings.home());
    BrokerSecuritySettings security = new BrokerSecuritySettings(settings);
    try {
      if (!brokerSettings.embedded()) {
        return new BrokerConnections(security.endpoint(brokerSettings.broker()), Optional.empty());
      }
      BrokerAcceptor acceptor = security.acceptor(brokerSettings.listen());
      EmbeddedBroker broker =
          EmbeddedBroker.start(
              StateFolder.BROKER.in(home), acceptor, settings.bytes(Setting.BROKER_MAX_DISK));
      if (!brokerSettings.listen().isEmpty()) {
        LOG.info("Accepting workers at {}", acceptor.description());
      }
      return new BrokerConnections(acceptor.hubEndpoint(), Optional.of(broker));
    } catch (JMSException e) {
      throw new SettingsRefusedException(Setting.BROKER.key() + ": " + e.getMessage());
    }
  }

  /** Creates unshared connections. */
  public ConnectionFactory connectionFactory() {
    try {
      return endpoint.connectionFactory();
    } catch (JMSException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads queue depths: from the embedded broker directly, from an external one by browsing. */
  public QueueDepths queueDepths() {
    return embedded.isPresent() ? embedded.get() : new JmsQueueInspector(connectionFactory());
  }

  /** Creates sessions on one shared connection, for senders. */
  public ConnectionFactory pooledConnectionFactory() {
    return pool;
  }

  @Override
  public void close() throws IOException {
    pool.stop();
    if (embedded.isPresent()) {
      embedded.get().close();
    }
  }

  @Override
  public String toString() {
    return endpoint.toString();
  }
}
