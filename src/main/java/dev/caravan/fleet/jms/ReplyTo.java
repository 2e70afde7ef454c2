package dev.caravan.fleet.jms;

import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.activemq.artemis.jms.client.ActiveMQDestination;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the reply to a message goes. The hub may send to destinations that the sender of a message
 * may not, so those are refused as reply-to.
 */
public final class ReplyTo {

  private static final Logger LOG = LoggerFactory.getLogger(ReplyTo.class);
  private static final Pattern RESERVED =
      Pattern.compile("(caravan|activemq|\\$).*|.*::.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private ReplyTo() {}

  /** The queue for the reply; empty when the message has none or one that is refused. */
  public static Optional<Destination> of(Message message) throws JMSException {
    Destination to = message.getJMSReplyTo();
    if (to == null) {
      return Optional.empty();
    }
    if (to instanceof ActiveMQDestination queue
        && queue.isQueue()
        && queue.getAddress() != null
        && !RESERVED.matcher(queue.getAddress()).matches()) {
      return Optional.of(to);
    }
    LOG.warn("Not replying to a message: its reply-to is not allowed");
    return Optional.empty();
  }
}
