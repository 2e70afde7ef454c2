package dev.caravan.fleet.jms;

import java.util.Set;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQExceptionType;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.core.server.ServerSession;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerPlugin;
import org.apache.activemq.artemis.core.transaction.Transaction;

/**
 * Takes no message that is too big for the hub's memory: text is read as a whole before anybody can
 * look at it. Run folders are not: they are streamed.
 */
final class MessageSizeLimits implements ActiveMQServerPlugin {

  /** A config of 1 MiB fits, in the two bytes a character that JMS may use, and some more. */
  private static final long MOST = 4 << 20;

  private static final Set<String> READ_AS_A_WHOLE =
      Set.of(Destinations.SUBMIT, Destinations.HEARTBEATS, Destinations.FILES, Destinations.HUB);

  @Override
  public void beforeSend(
      ServerSession session, Transaction tx, Message message, boolean direct, boolean noQueue)
      throws ActiveMQException {
    long size = message.getWholeMessageSize();
    if (size > MOST && READ_AS_A_WHOLE.contains(message.getAddress())) {
      throw new ActiveMQException(
          "a message to " + message.getAddress() + " has at most " + MOST + " bytes, not " + size,
          ActiveMQExceptionType.ILLEGAL_STATE);
    }
  }
}
