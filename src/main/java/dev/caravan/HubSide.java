package dev.caravan;

import dev.caravan.batch.Inbox;
import dev.caravan.broker.Letters;
import dev.caravan.camel.InboxAcceptance;
import dev.caravan.camel.Intake;
import dev.caravan.dispatch.Dispatch;
import dev.caravan.events.Changes;
import dev.caravan.remote.Submissions;
import dev.caravan.remote.Workers;
import dev.caravan.run.RemoteRuns;

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
