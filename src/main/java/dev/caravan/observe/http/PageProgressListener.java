package dev.caravan.observe.http;

import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.pipeline.dispatch.ProgressListener;
import dev.caravan.pipeline.record.Recorder;
import dev.caravan.pipeline.target.Target;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;

/** Passes progress from the dispatcher to the recorder, then has open pages refresh. */
public final class PageProgressListener implements ProgressListener {

  private final Recorder recorder;
  private final PageUpdates pageUpdates;

  public PageProgressListener(Recorder recorder, PageUpdates pageUpdates) {
    this.recorder = recorder;
    this.pageUpdates = pageUpdates;
  }

  @Override
  public void opened(Batch batch) {
    recorder.follow(batch).whenFinished().thenRun(pageUpdates::changed);
    pageUpdates.opened(batch);
  }

  @Override
  public boolean recordIfDone(Run run) {
    return recorder.recordIfDone(run);
  }

  @Override
  public boolean anyCompleted(Batch batch) {
    return recorder.anyCompleted(batch);
  }

  @Override
  public void reopen(Run run) throws IOException {
    recorder.reopen(run);
    pageUpdates.changed();
  }

  @Override
  public OptionalInt finalAttempt(Run run) {
    return recorder.finalAttempt(run);
  }

  @Override
  public List<Integer> startedNotDone(Batch batch) throws IOException {
    return recorder.startedNotDone(batch);
  }

  @Override
  public void parked(Batch batch, Target target, String message) {
    recorder.parked(batch, target, message);
    pageUpdates.changed();
  }

  @Override
  public void gaveUp(Batch batch, Target target, String message) {
    recorder.gaveUp(batch, target, message);
    pageUpdates.changed();
  }

  @Override
  public void cancelled(Batch batch) {
    recorder.cancelled(batch);
    pageUpdates.changed();
  }
}
