package dev.caravan.web;

import dev.caravan.batch.Batch;
import dev.caravan.batch.Run;
import dev.caravan.dispatch.Progress;
import dev.caravan.health.Target;
import dev.caravan.record.Recorder;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Tells as news what dispatch tells the recorder. */
public final class ToldProgress implements Progress {

  private final Recorder recorder;
  private final News news;

  public ToldProgress(Recorder recorder, News news) {
    this.recorder = recorder;
    this.news = news;
  }

  @Override
  public void opened(Batch batch) {
    recorder
        .follow(batch)
        .whenFinished()
        .thenAccept(s -> news.tell("batch_finished", Map.of("batch", batch.id())));
    news.opened(batch);
  }

  @Override
  public boolean doneBefore(Run run) {
    return recorder.doneBefore(run);
  }

  @Override
  public void again(Run run) throws IOException {
    recorder.again(run);
    news.tell("run_again", Map.of("run", run.id(), "run_index", run.index()));
  }

  @Override
  public OptionalInt attemptDone(Run run) {
    return recorder.attemptDone(run);
  }

  @Override
  public List<Integer> begun(Batch batch) throws IOException {
    return recorder.begun(batch);
  }

  @Override
  public void parked(Batch batch, Target target, String words) {
    recorder.parked(batch, target, words);
    news.tell("target_parked", Map.of("target", target.toString(), "words", words));
  }

  @Override
  public void gaveUp(Batch batch, Target target, String words) {
    recorder.gaveUp(batch, target, words);
    news.tell("target_given_up", Map.of("target", target.toString(), "words", words));
  }

  @Override
  public void cancelled(Batch batch) {
    recorder.cancelled(batch);
    news.tell("batch_cancelled", Map.of("batch", batch.id()));
  }
}
