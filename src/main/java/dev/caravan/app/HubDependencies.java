package dev.caravan.app;

import dev.caravan.app.camel.InboxAcceptance;
import dev.caravan.app.camel.SubmissionListener;
import dev.caravan.fleet.hub.SubmittedConfigs;
import dev.caravan.fleet.hub.Workers;
import dev.caravan.fleet.jms.JmsMessages;
import dev.caravan.pipeline.accept.Inbox;
import dev.caravan.pipeline.dispatch.Dispatch;
import dev.caravan.pipeline.record.PipelineListener;
import dev.caravan.pipeline.run.RemoteRuns;

/**
 * The objects of {@link Components} that a hub builds on.
 *
 * @param runs runs of this home that workers execute
 * @param workers the current workers
 * @param messageAcceptance accepts configs under the rules for messages
 * @param inbox files accepted and refused configs
 * @param dispatch releases the runs
 * @param listener receives changes of batches and runs
 */
record HubDependencies(
    RemoteRuns runs,
    Workers workers,
    InboxAcceptance messageAcceptance,
    Inbox inbox,
    Dispatch dispatch,
    PipelineListener listener) {

  /** Creates the listener that accepts configs from messages. */
  SubmissionListener submissionListener(
      SubmittedConfigs submittedConfigs, JmsMessages jmsMessages) {
    return new SubmissionListener(
        submittedConfigs, messageAcceptance, inbox, dispatch, jmsMessages);
  }
}
