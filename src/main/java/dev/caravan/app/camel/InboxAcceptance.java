package dev.caravan.app.camel;

import dev.caravan.config.text.Plural;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.model.AcceptedBatch;
import dev.caravan.model.Batch;
import dev.caravan.model.Claim;
import dev.caravan.observe.report.BatchLogLines;
import dev.caravan.pipeline.accept.Acceptance;
import dev.caravan.pipeline.accept.SourceRules;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.changes.PipelineListeners;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts configs under fixed rules, and logs and publishes that; called by routes. */
public final class InboxAcceptance {

  private static final Logger LOG = LoggerFactory.getLogger(InboxAcceptance.class);

  private final Acceptance acceptance;
  private final SourceRules rules;
  private final PipelineListeners listeners;

  public InboxAcceptance(Acceptance acceptance, SourceRules rules, PipelineListeners listeners) {
    this.listeners = listeners;
    this.acceptance = acceptance;
    this.rules = rules;
  }

  /** Creates a batch from a claimed config, or refuses it. */
  public AcceptedBatch accept(Claim claim) throws ConfigRefusedException, IOException {
    AcceptedBatch accepted = acceptance.accept(claim, rules);
    Batch batch = accepted.batch();
    batch.config().warnings().forEach(warning -> LOG.warn("[{}] {}", batch.id(), warning));
    if (accepted.rerunIndex().isPresent()) {
      LOG.info(
          "[{}] Accepted {}: run {} again",
          batch.id(),
          claim.name(),
          batch.run(accepted.rerunIndex().getAsInt()).title());
    } else {
      String runs = Plural.runs(batch.size(), batch.search().isPresent());
      LOG.info("[{}] Accepted {}: {}", batch.id(), claim.name(), runs);
      BatchLogLines.prompts(batch.config())
          .ifPresent(line -> LOG.info("[{}] {}", batch.id(), line));
      listeners.publish(new PipelineChange.Accepted(batch));
    }
    return accepted;
  }
}
