package dev.caravan.fleet.jms;

import java.util.Set;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQExceptionType;
import org.apache.activemq.artemis.api.core.ICoreMessage;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.core.server.ServerSession;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerPlugin;
import org.apache.activemq.artemis.core.transaction.Transaction;

/**
 * Rejects messages that are too large for the hub's memory, where they are read into memory as a
 * whole. Run folders have no such limit: as bytes they are streamed, unlike what other clients send
 * in their place.
 */
final class MessageSizeLimits implements ActiveMQServerPlugin {

  /** Enough for a config of 1 MiB, for which JMS may use two bytes per character. */
  private static final long MAX_BYTES = 4 << 20;

  private static final Set<String> READ_INTO_MEMORY =
      Set.of(Destinations.SUBMIT, Destinations.HEARTBEATS, Destinations.FILES, Destinations.HUB);

  private static boolean isReadIntoMemory(Message message) {
    boolean isBytes = message instanceof ICoreMessage core && core.getType() == Message.BYTES_TYPE;
    return READ_INTO_MEMORY.contains(message.getAddress())
        || Destinations.OUTCOMES.equals(message.getAddress()) && !isBytes;
  }

  @Override
  public void beforeSend(
      ServerSession session, Transaction tx, Message message, boolean direct, boolean noQueue)
      throws ActiveMQException {
    long size = message.getWholeMessageSize();
    if (size > MAX_BYTES && isReadIntoMemory(message)) {
      String why =
          "a message to "
              + message.getAddress()
              + " must not exceed "
              + MAX_BYTES
              + " bytes: "
              + size;
      throw RefusedMessage.in(tx, new ActiveMQException(why, ActiveMQExceptionType.ILLEGAL_STATE));
    }
  }
}
