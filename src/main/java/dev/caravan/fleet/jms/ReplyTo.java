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
 * Where the answer to a message goes. The hub may send to places where who wrote the message may
 * not, so a message cannot name one of those.
 */
public final class ReplyTo {

  private static final Logger LOG = LoggerFactory.getLogger(ReplyTo.class);
  private static final Pattern OURS =
      Pattern.compile("(caravan|activemq|\\$).*|.*::.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private ReplyTo() {}

  /** The queue that wants the answer; empty when none does, or one that gets none. */
  public static Optional<Destination> to(Message message) throws JMSException {
    Destination to = message.getJMSReplyTo();
    if (to == null) {
      return Optional.empty();
    }
    if (to instanceof ActiveMQDestination asked
        && asked.isQueue()
        && asked.getAddress() != null
        && !OURS.matcher(asked.getAddress()).matches()) {
      return Optional.of(to);
    }
    LOG.warn("A message asks for an answer at a place that gets none");
    return Optional.empty();
  }
}
