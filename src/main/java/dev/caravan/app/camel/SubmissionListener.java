package dev.caravan.app.camel;

import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.fleet.hub.SubmittedConfigs;
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

/** Accepts configs that come as messages, and answers those that want an answer. */
public final class SubmissionListener {

  private static final Logger LOG = LoggerFactory.getLogger(SubmissionListener.class);

  private final SubmittedConfigs submittedConfigs;
  private final InboxAcceptance acceptance;
  private final Inbox inbox;
  private final Dispatch dispatch;
  private final JmsMessages letters;

  public SubmissionListener(
      SubmittedConfigs submittedConfigs,
      InboxAcceptance acceptance,
      Inbox inbox,
      Dispatch dispatch,
      JmsMessages letters) {
    this.submittedConfigs = submittedConfigs;
    this.acceptance = acceptance;
    this.inbox = inbox;
    this.dispatch = dispatch;
    this.letters = letters;
  }

  /**
   * Makes a message a batch, or refuses it; all of it is on the disk when this returns, so that the
   * message may be acknowledged.
   */
  public void submit(Message message) throws IOException, JMSException {
    Optional<byte[]> config = JmsMessages.bytes(message, Acceptance.MAX_BYTES);
    if (config.isEmpty()) {
      LOG.warn("A message in the queue of configs is neither text nor bytes");
      letters.dead(message, "is neither a text message nor one with bytes");
      return;
    }
    String id = JmsMessages.id(message);
    Optional<String> before = submittedConfigs.answer(id);
    letters.answer(message, before.isPresent() ? before.get() : take(id, config.get(), message));
  }

  private String take(String id, byte[] config, Message message) throws IOException, JMSException {
    if (config.length > Acceptance.MAX_BYTES) {
      return submittedConfigs.refused(
          id, List.of("a config has at most " + Acceptance.MAX_BYTES + " bytes"));
    }
    Claim claim =
        submittedConfigs.keep(id, config, message.getJMSPriority(), JmsMessages.sender(message));
    try {
      AcceptedBatch accepted = acceptance.accept(claim);
      dispatch.schedule(accepted);
      inbox.archive(claim);
      return submittedConfigs.accepted(id, accepted.batch().id());
    } catch (ConfigRefusedException e) {
      inbox.refuse(claim, e);
      return submittedConfigs.refused(
          id, e.problems().stream().map(problem -> problem.text("config")).toList());
    }
  }
}
