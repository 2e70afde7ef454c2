package dev.caravan.app.camel;

import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.fleet.hub.SubmittedConfigs;
import dev.caravan.fleet.jms.Destinations;
import dev.caravan.fleet.jms.JmsMessages;
import dev.caravan.model.AcceptedBatch;
import dev.caravan.model.Claim;
import dev.caravan.pipeline.accept.Acceptance;
import dev.caravan.pipeline.accept.Inbox;
import dev.caravan.pipeline.dispatch.Dispatch;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts configs that arrive as messages, and replies to the senders. */
public final class SubmissionListener {

  private static final Logger LOG = LoggerFactory.getLogger(SubmissionListener.class);

  private final SubmittedConfigs submittedConfigs;
  private final InboxAcceptance acceptance;
  private final Inbox inbox;
  private final Dispatch dispatch;
  private final JmsMessages jmsMessages;

  public SubmissionListener(
      SubmittedConfigs submittedConfigs,
      InboxAcceptance acceptance,
      Inbox inbox,
      Dispatch dispatch,
      JmsMessages jmsMessages) {
    this.submittedConfigs = submittedConfigs;
    this.acceptance = acceptance;
    this.inbox = inbox;
    this.dispatch = dispatch;
    this.jmsMessages = jmsMessages;
  }

  /**
   * Accepts the config in a message as a batch or refuses it. Everything is synced when this
   * returns, so that the message can be acknowledged.
   */
  public void submit(Message message) throws IOException, JMSException {
    Optional<byte[]> config = JmsMessages.bytes(message, Acceptance.MAX_BYTES);
    if (config.isEmpty()) {
      LOG.warn("Invalid message in {}: neither a text nor a bytes message", Destinations.SUBMIT);
      jmsMessages.reply(message, SubmittedConfigs.refusal("neither a text nor a bytes message"));
      jmsMessages.sendToDeadLetters(message, "neither a text nor a bytes message");
      return;
    }
    String id = JmsMessages.dedupeId(message);
    Optional<String> earlierReply = submittedConfigs.reply(id, config.get());
    jmsMessages.reply(
        message, earlierReply.isPresent() ? earlierReply.get() : accept(id, config.get(), message));
  }

  private String accept(String id, byte[] config, Message message)
      throws IOException, JMSException {
    if (config.length > Acceptance.MAX_BYTES) {
      return submittedConfigs.refused(
          id, config, List.of("a config has at most " + Acceptance.MAX_BYTES + " bytes"));
    }
    Claim claim =
        submittedConfigs.store(id, config, message.getJMSPriority(), JmsMessages.sender(message));
    try {
      AcceptedBatch accepted = acceptance.accept(claim);
      dispatch.schedule(accepted);
      inbox.archive(claim);
      return submittedConfigs.accepted(id, config, accepted.batch().id());
    } catch (ConfigRefusedException e) {
      inbox.refuse(claim, e);
      return submittedConfigs.refused(
          id, config, e.problems().stream().map(problem -> problem.text("config")).toList());
    }
  }
}
