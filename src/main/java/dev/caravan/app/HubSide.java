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
 * What those who give runs to workers need of the other objects.
 *
 * @param runs the runs of this home
 * @param workers the workers that were heard of
 * @param byMessage accepts configs by the rules of messages
 * @param inbox files what was accepted and refused
 * @param dispatch releases the runs
 * @param changes is told what happens
 */
record HubSide(
    RemoteRuns runs,
    Workers workers,
    InboxAcceptance byMessage,
    Inbox inbox,
    Dispatch dispatch,
    PipelineListener changes) {

  /** What takes configs from messages. */
  SubmissionListener intake(SubmittedConfigs submittedConfigs, JmsMessages letters) {
    return new SubmissionListener(submittedConfigs, byMessage, inbox, dispatch, letters);
  }
}
