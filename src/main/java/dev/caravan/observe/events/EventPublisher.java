package dev.caravan.observe.events;

import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.fleet.hub.WorkerListener;
import dev.caravan.model.Batch;
import dev.caravan.model.Claim;
import dev.caravan.model.Run;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ResultRow;
import dev.caravan.pipeline.record.PipelineListener;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Publishes what the pipeline reports to the feed. It waits for the disk only where no restart
 * could rebuild the event: when a config is refused and when a batch finishes.
 */
public final class EventPublisher implements PipelineListener, WorkerListener {

  private final EventFeed feed;
  private final EventFactory eventFactory;
  private final ControlStore controls;

  EventPublisher(EventFeed feed, EventFactory eventFactory, ControlStore controls) {
    this.feed = feed;
    this.eventFactory = eventFactory;
    this.controls = controls;
  }

  @Override
  public void accepted(Batch batch) {
    feed.add(eventFactory.accepted(batch));
  }

  @Override
  public void refused(Claim claim, ConfigRefusedException refused) throws IOException {
    feed.addAndWait(eventFactory.refused(claim, refused));
  }

  @Override
  public void started(Run run, int attempt) {
    feed.add(eventFactory.started(run, attempt));
  }

  @Override
  public void retrying(Run run) {
    ProcessResult.head(new RunFolder(run.folder()).processResult())
        .ifPresent(head -> feed.add(eventFactory.retrying(run, head)));
  }

  @Override
  public void ended(Run run, ResultRow row) {
    eventFactory.ended(run, row).forEach(feed::add);
  }

  /** A batch finishes once more after each retry order, so its events are numbered. */
  @Override
  public void finished(Batch batch, BatchSummary summary) throws IOException {
    int completion = 1 + controls.of(batch).retries().size();
    feed.addAndWait(eventFactory.finished(batch, summary, completion));
  }

  @Override
  public void joined(String worker, List<String> pools) {
    feed.add(eventFactory.worker(EventType.WORKER_JOINED, worker, Map.of("pools", pools)));
  }

  @Override
  public void lost(String worker, String message) {
    feed.add(eventFactory.worker(EventType.WORKER_LOST, worker, Map.of("message", message)));
  }

  void parked(DaemonStatus.Parked target) {
    feed.add(eventFactory.parked(target));
  }

  void held(DaemonStatus.Held batch) {
    feed.add(eventFactory.held(batch));
  }

  void diskLow(String message) {
    feed.add(eventFactory.diskLow(message));
  }
}
