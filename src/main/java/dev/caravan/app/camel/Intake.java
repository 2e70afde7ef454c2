package dev.caravan.app.camel;

import dev.caravan.config.yaml.ConfigRefused;
import dev.caravan.fleet.hub.Submissions;
import dev.caravan.fleet.jms.Letters;
import dev.caravan.model.Accepted;
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
public final class Intake {

  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

  private final Submissions submissions;
  private final InboxAcceptance acceptance;
  private final Inbox inbox;
  private final Dispatch dispatch;
  private final Letters letters;

  public Intake(
      Submissions submissions,
      InboxAcceptance acceptance,
      Inbox inbox,
      Dispatch dispatch,
      Letters letters) {
    this.submissions = submissions;
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
    Optional<byte[]> config = Letters.bytes(message, Acceptance.MAX_BYTES);
    if (config.isEmpty()) {
      LOG.warn("A message in the queue of configs is neither text nor bytes");
      letters.dead(message, "is neither a text message nor one with bytes");
      return;
    }
    String id = Letters.id(message);
    Optional<String> before = submissions.answer(id);
    letters.answer(message, before.isPresent() ? before.get() : take(id, config.get(), message));
  }

  private String take(String id, byte[] config, Message message) throws IOException, JMSException {
    if (config.length > Acceptance.MAX_BYTES) {
      return submissions.refused(
          id, List.of("a config has at most " + Acceptance.MAX_BYTES + " bytes"));
    }
    Claim claim = submissions.keep(id, config, message.getJMSPriority(), Letters.sender(message));
    try {
      Accepted accepted = acceptance.accept(claim);
      dispatch.take(accepted);
      inbox.archive(claim);
      return submissions.accepted(id, accepted.batch().id());
    } catch (ConfigRefused e) {
      inbox.refuse(claim, e);
      return submissions.refused(
          id, e.problems().stream().map(problem -> problem.text("config")).toList());
    }
  }
}
