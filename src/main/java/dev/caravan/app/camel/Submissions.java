package dev.caravan.app.camel;

import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.config.yaml.YamlSource;
import dev.caravan.fleet.hub.SubmittedConfigs;
import dev.caravan.model.AcceptedBatch;
import dev.caravan.model.Claim;
import dev.caravan.pipeline.accept.Inbox;
import dev.caravan.pipeline.dispatch.Dispatch;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Accepts configs that arrive as messages, each once, and makes the replies. */
public final class Submissions {

  private final SubmittedConfigs submittedConfigs;
  private final InboxAcceptance acceptance;
  private final Inbox inbox;
  private final Dispatch dispatch;

  public Submissions(
      SubmittedConfigs submittedConfigs,
      InboxAcceptance acceptance,
      Inbox inbox,
      Dispatch dispatch) {
    this.submittedConfigs = submittedConfigs;
    this.acceptance = acceptance;
    this.inbox = inbox;
    this.dispatch = dispatch;
  }

  /**
   * Accepts a config as a batch or refuses it; returns the reply. Everything is synced when this
   * returns, so that the message can be acknowledged.
   *
   * @param id identifies the message: one that comes twice gets the same reply
   * @param config at most {@link YamlSource#MAX_BYTES} and one more, so that a config that is too
   *     large can be recognized
   * @param priority priority of the batch when the config sets none
   */
  public String submit(String id, byte[] config, int priority, String sender) throws IOException {
    Optional<String> earlierReply = submittedConfigs.reply(id, config);
    if (earlierReply.isPresent()) {
      return earlierReply.get();
    }
    return config.length > YamlSource.MAX_BYTES
        ? submittedConfigs.refused(
            id, config, List.of("a config has at most " + YamlSource.MAX_BYTES + " bytes"))
        : accept(id, config, submittedConfigs.store(id, config, priority, sender));
  }

  private String accept(String id, byte[] config, Claim claim) throws IOException {
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
