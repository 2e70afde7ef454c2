package dev.caravan.app.camel;

import dev.caravan.fleet.jms.BrokerConnections;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.camel.component.jms.JmsHeaderFilterStrategy;

/** Creates the component behind {@code jms:} in routes. */
public final class BrokerComponent {

  private static final String REDELIVERED =
      "Could not handle a message; the broker delivers it again";

  private BrokerComponent() {}

  /** The component on these connections. */
  public static JmsComponent of(BrokerConnections connections) {
    JmsHeaderFilterStrategy filter = new JmsHeaderFilterStrategy();
    filter.setLowerCase(true); // else CAmelExecCommandExecutable passes the filter (CVE-2026-40453)
    JmsComponent jms = JmsComponent.jmsComponent(connections.pooledConnectionFactory());
    jms.setHeaderFilterStrategy(filter);
    jms.setMapJmsMessage(false);
    jms.setDisableReplyTo(true); // else Camel replies as well, to any reply-to; see ReplyTo
    RouteErrorLogger errors = new RouteErrorLogger(); // Camel's own prints every stack trace
    jms.setErrorHandler(failure -> errors.logUnlessBroker(REDELIVERED, exception(failure)));
    jms.setTransacted(true);
    jms.setLazyCreateTransactionManager(false);
    jms.setCacheLevelName("CACHE_CONSUMER");
    jms.setRecoveryInterval(1_000);
    jms.setAcceptMessagesWhileStopping(false);
    return jms;
  }

  private static Exception exception(Throwable failure) {
    return failure instanceof Exception exception ? exception : new Exception(failure);
  }
}
