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

/** The broker that a daemon works with: started when it is ours, and the ways to reach it. */
final class BrokerConnections implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BrokerConnections.class);

  private final BrokerEndpoint access;
  private final Optional<EmbeddedBroker> embedded;
  private final JmsPoolConnectionFactory pool;

  private BrokerConnections(BrokerEndpoint access, Optional<EmbeddedBroker> embedded)
      throws JMSException {
    this.access = access;
    this.embedded = embedded;
    this.pool = access.pool();
  }

  /** Starts the broker if it is ours. */
  static BrokerConnections open(BrokerSettings brokerSettings, Settings settings)
      throws IOException {
    Home home = new Home(settings.home());
    BrokerSecuritySettings access = new BrokerSecuritySettings(settings);
    try {
      if (!brokerSettings.embedded()) {
        return new BrokerConnections(access.access(brokerSettings.broker()), Optional.empty());
      }
      BrokerAcceptor doors = access.doors(brokerSettings.listen());
      EmbeddedBroker broker = EmbeddedBroker.start(home.state().resolve("broker"), doors);
      if (!brokerSettings.listen().isEmpty()) {
        LOG.info("Workers may come to {}", doors.message());
      }
      return new BrokerConnections(doors.hub(), Optional.of(broker));
    } catch (JMSException e) {
      throw new SettingsRefusedException(Setting.BROKER.key() + ": " + e.getMessage());
    }
  }

  /** Connections of one's own. */
  ConnectionFactory connections() {
    try {
      return access.connections();
    } catch (JMSException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Tells how queues are: our own broker by itself, another when it lets us browse. */
  QueueDepths depths() {
    return embedded.isPresent() ? embedded.get() : new JmsQueueInspector(connections());
  }

  /** A connection that is shared by all who send. */
  ConnectionFactory shared() {
    return pool;
  }

  /** What {@code jms:} means in routes. */
  JmsComponent jms() {
    JmsHeaderFilterStrategy filter = new JmsHeaderFilterStrategy();
    filter.setLowerCase(true); // else CAmelExecCommandExecutable gets in (CVE-2026-40453)
    JmsComponent jms = JmsComponent.jmsComponent(pool);
    jms.setHeaderFilterStrategy(filter);
    jms.setMapJmsMessage(false);
    jms.setDisableReplyTo(true); // else Camel answers too, and anywhere: only Answers says where
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
    return access.toString();
  }
}
