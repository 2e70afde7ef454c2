package dev.caravan.app;

import dev.caravan.app.camel.InboxAcceptance;
import dev.caravan.app.camel.Intake;
import dev.caravan.fleet.hub.Submissions;
import dev.caravan.fleet.hub.Workers;
import dev.caravan.fleet.jms.Letters;
import dev.caravan.pipeline.accept.Inbox;
import dev.caravan.pipeline.dispatch.Dispatch;
import dev.caravan.pipeline.record.Changes;
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
    Changes changes) {

  /** What takes configs from messages. */
  Intake intake(Submissions submissions, Letters letters) {
    return new Intake(submissions, byMessage, inbox, dispatch, letters);
  }
}
