package dev.caravan.observe.events;

import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.changes.PipelineListener;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.storage.RunFolder;
import java.io.IOException;

/**
 * Publishes what the pipeline reports to the feed. It waits for the disk only where no restart
 * could rebuild the event: when a config is refused, when a batch finishes and when it is compared.
 */
public final class EventPublisher implements PipelineListener {

  private final EventFeed feed;
  private final EventFactory eventFactory;
  private final ControlStore controls;

  EventPublisher(EventFeed feed, EventFactory eventFactory, ControlStore controls) {
    this.feed = feed;
    this.eventFactory = eventFactory;
    this.controls = controls;
  }

  @Override
  public void changed(PipelineChange change) throws IOException {
    if (change instanceof PipelineChange.Accepted accepted) {
      feed.add(eventFactory.accepted(accepted.batch()));
    } else if (change instanceof PipelineChange.Refused refused) {
      feed.addAndWait(eventFactory.refused(refused.claim(), refused.problems()));
    } else if (change instanceof PipelineChange.Started started) {
      feed.add(eventFactory.started(started.run(), started.attempt()));
    } else if (change instanceof PipelineChange.Retrying retrying) {
      retrying(retrying.run());
    } else if (change instanceof PipelineChange.Ended ended) {
      eventFactory.ended(ended.run(), ended.row()).forEach(feed::add);
    } else if (change instanceof PipelineChange.Finished finished) {
      finished(finished.batch(), finished.summary());
    } else if (change instanceof PipelineChange.Compared compared) {
      feed.addAndWait(eventFactory.compared(compared));
    } else {
      homeChanged(change);
    }
  }

  private void homeChanged(PipelineChange change) {
    if (change instanceof PipelineChange.LongOutage outage) {
      feed.add(eventFactory.parked(outage));
    } else if (change instanceof PipelineChange.LongRefusal refusal) {
      feed.add(eventFactory.held(refusal));
    } else if (change instanceof PipelineChange.DiskLow disk) {
      feed.add(eventFactory.diskLow(disk.message()));
    } else if (change instanceof PipelineChange.WorkerJoined joined) {
      feed.add(eventFactory.joined(joined));
    } else if (change instanceof PipelineChange.WorkerLost lost) {
      feed.add(eventFactory.lost(lost));
    }
  }

  private void retrying(Run run) {
    ProcessResult.head(new RunFolder(run.folder()).processResult())
        .ifPresent(head -> feed.add(eventFactory.retrying(run, head)));
  }

  private void finished(Batch batch, BatchSummary summary) throws IOException {
    feed.addAndWait(eventFactory.finished(batch, summary, controls.of(batch).completion()));
  }
}
