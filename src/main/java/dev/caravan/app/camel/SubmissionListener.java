package dev.caravan.app.camel;

import dev.caravan.config.yaml.YamlSource;
import dev.caravan.fleet.hub.SubmittedConfigs;
import dev.caravan.fleet.jms.Destinations;
import dev.caravan.fleet.jms.JmsMessages;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts configs that arrive over the broker, and replies to the senders. */
public final class SubmissionListener {

  private static final Logger LOG = LoggerFactory.getLogger(SubmissionListener.class);
  private static final String WRONG_TYPE = "neither a text nor a bytes message";

  private final Submissions submissions;
  private final JmsMessages jmsMessages;

  public SubmissionListener(Submissions submissions, JmsMessages jmsMessages) {
    this.submissions = submissions;
    this.jmsMessages = jmsMessages;
  }

  /** Accepts the config in a message as a batch or refuses it, and replies. */
  public void submit(Message message) throws IOException, JMSException {
    Optional<byte[]> config = JmsMessages.bytes(message, YamlSource.MAX_BYTES);
    if (config.isEmpty()) {
      LOG.warn("Invalid message in {}: {}", Destinations.SUBMIT, WRONG_TYPE);
      jmsMessages.reply(message, SubmittedConfigs.refusal(WRONG_TYPE));
      jmsMessages.sendToDeadLetters(message, WRONG_TYPE);
      return;
    }
    jmsMessages.reply(
        message,
        submissions.submit(
            JmsMessages.dedupeId(message, config.get()),
            config.get(),
            message.getJMSPriority(),
            JmsMessages.sender(message)));
  }
}
