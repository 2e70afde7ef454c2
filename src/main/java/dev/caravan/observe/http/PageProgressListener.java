package dev.caravan.observe.http;

import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.pipeline.dispatch.ProgressListener;
import dev.caravan.pipeline.record.Recorder;
import dev.caravan.pipeline.target.Target;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;

/** Tells pages to look again after what dispatch tells the recorder. */
public final class PageProgressListener implements ProgressListener {

  private final Recorder recorder;
  private final PageUpdates news;

  public PageProgressListener(Recorder recorder, PageUpdates news) {
    this.recorder = recorder;
    this.news = news;
  }

  @Override
  public void opened(Batch batch) {
    recorder.follow(batch).whenFinished().thenRun(news::changed);
    news.opened(batch);
  }

  @Override
  public boolean recordIfDone(Run run) {
    return recorder.recordIfDone(run);
  }

  @Override
  public void reopen(Run run) throws IOException {
    recorder.reopen(run);
    news.changed();
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
    news.changed();
  }

  @Override
  public void gaveUp(Batch batch, Target target, String message) {
    recorder.gaveUp(batch, target, message);
    news.changed();
  }

  @Override
  public void cancelled(Batch batch) {
    recorder.cancelled(batch);
    news.changed();
  }
}
