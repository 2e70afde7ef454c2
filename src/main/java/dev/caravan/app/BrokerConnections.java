package dev.caravan.app;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.fleet.hub.QueueDepths;
import dev.caravan.fleet.jms.BrokerAcceptor;
import dev.caravan.fleet.jms.BrokerEndpoint;
import dev.caravan.fleet.jms.BrokerSecuritySettings;
import dev.caravan.fleet.jms.EmbeddedBroker;
import dev.caravan.fleet.jms.JmsQueueInspector;
import dev.caravan.storage.Home;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.util.Optional;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.camel.component.jms.JmsHeaderFilterStrategy;
import org.messaginghub.pooled.jms.JmsPoolConnectionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A daemon's connections to the broker. Starts and stops the broker when it is the embedded one.
 */
final class BrokerConnections implements AutoCloseable {

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
  static BrokerConnections open(BrokerSettings brokerSettings, Settings settings)
      throws IOException {
    Home home = new Home(settings.home());
    BrokerSecuritySettings security = new BrokerSecuritySettings(settings);
    try {
      if (!brokerSettings.embedded()) {
        return new BrokerConnections(security.endpoint(brokerSettings.broker()), Optional.empty());
      }
      BrokerAcceptor acceptor = security.acceptor(brokerSettings.listen());
      EmbeddedBroker broker = EmbeddedBroker.start(home.state().resolve("broker"), acceptor);
      if (!brokerSettings.listen().isEmpty()) {
        LOG.info("Accepting workers at {}", acceptor.description());
      }
      return new BrokerConnections(acceptor.hubEndpoint(), Optional.of(broker));
    } catch (JMSException e) {
      throw new SettingsRefusedException(Setting.BROKER.key() + ": " + e.getMessage());
    }
  }

  /** Creates unshared connections. */
  ConnectionFactory connectionFactory() {
    try {
      return endpoint.connectionFactory();
    } catch (JMSException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads queue depths: from the embedded broker directly, from an external one by browsing. */
  QueueDepths queueDepths() {
    return embedded.isPresent() ? embedded.get() : new JmsQueueInspector(connectionFactory());
  }

  /** Creates sessions on one shared connection, for senders. */
  ConnectionFactory pooledConnectionFactory() {
    return pool;
  }

  /** The component behind {@code jms:} in routes. */
  JmsComponent jmsComponent() {
    JmsHeaderFilterStrategy filter = new JmsHeaderFilterStrategy();
    filter.setLowerCase(true); // else CAmelExecCommandExecutable passes the filter (CVE-2026-40453)
    JmsComponent jms = JmsComponent.jmsComponent(pool);
    jms.setHeaderFilterStrategy(filter);
    jms.setMapJmsMessage(false);
    jms.setDisableReplyTo(true); // else Camel replies as well, to any reply-to; see ReplyTo
    jms.setTransacted(true);
    jms.setLazyCreateTransactionManager(false);
    jms.setCacheLevelName("CACHE_CONSUMER");
    jms.setRecoveryInterval(1_000);
    jms.setAcceptMessagesWhileStopping(false);
    return jms;
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
