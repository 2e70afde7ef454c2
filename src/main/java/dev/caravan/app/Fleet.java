package dev.caravan.app;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefused;
import dev.caravan.fleet.hub.QueueDepths;
import dev.caravan.fleet.jms.BrokerAccess;
import dev.caravan.fleet.jms.DoorSettings;
import dev.caravan.fleet.jms.Doors;
import dev.caravan.fleet.jms.EmbeddedBroker;
import dev.caravan.fleet.jms.JmsQueueView;
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
final class Fleet implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);

  private final BrokerAccess access;
  private final Optional<EmbeddedBroker> embedded;
  private final JmsPoolConnectionFactory pool;

  private Fleet(BrokerAccess access, Optional<EmbeddedBroker> embedded) throws JMSException {
    this.access = access;
    this.embedded = embedded;
    this.pool = access.pool();
  }

  /** Starts the broker if it is ours. */
  static Fleet open(Brokerage brokerage, Settings settings) throws IOException {
    Home home = new Home(settings.home());
    DoorSettings access = new DoorSettings(settings);
    try {
      if (!brokerage.embedded()) {
        return new Fleet(access.access(brokerage.broker()), Optional.empty());
      }
      Doors doors = access.doors(brokerage.listen());
      EmbeddedBroker broker = EmbeddedBroker.start(home.state().resolve("broker"), doors);
      if (!brokerage.listen().isEmpty()) {
        LOG.info("Workers may come to {}", doors.words());
      }
      return new Fleet(doors.hub(), Optional.of(broker));
    } catch (JMSException e) {
      throw new SettingsRefused(Setting.BROKER.key() + ": " + e.getMessage());
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
    return embedded.isPresent() ? embedded.get() : new JmsQueueView(connections());
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
