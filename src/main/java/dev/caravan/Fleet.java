package dev.caravan;

import dev.caravan.batch.Home;
import dev.caravan.batch.KeyStore;
import dev.caravan.broker.BrokerAccess;
import dev.caravan.broker.EmbeddedBroker;
import dev.caravan.config.Setting;
import dev.caravan.config.Settings;
import dev.caravan.config.SettingsRefused;
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
    try {
      if (!brokerage.embedded()) {
        return new Fleet(access(brokerage.broker(), settings, home), Optional.empty());
      }
      EmbeddedBroker broker =
          EmbeddedBroker.start(home.state().resolve("broker"), brokerage.listen());
      if (!brokerage.listen().isEmpty()) {
        LOG.info("Workers may come to {}", brokerage.listen());
      }
      return new Fleet(new BrokerAccess(EmbeddedBroker.URL, "", ""), Optional.of(broker));
    } catch (JMSException e) {
      throw new SettingsRefused(Setting.BROKER.key() + ": " + e.getMessage());
    }
  }

  private static BrokerAccess access(String url, Settings settings, Home home) {
    String user = settings.text(Setting.BROKER_USER).strip();
    String variable = settings.text(Setting.BROKER_PASSWORD_ENV).strip();
    if (user.isEmpty()) {
      return new BrokerAccess(url, "", "");
    }
    String password =
        new KeyStore(home, settings.environment())
            .value(variable)
            .orElseThrow(
                () ->
                    new SettingsRefused(
                        Setting.BROKER_PASSWORD_ENV.key() + ": $" + variable + " is not set"));
    return new BrokerAccess(url, user, password);
  }

  /** Connections of one's own. */
  ConnectionFactory connections() {
    try {
      return access.connections();
    } catch (JMSException e) {
      throw new IllegalStateException(e);
    }
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
