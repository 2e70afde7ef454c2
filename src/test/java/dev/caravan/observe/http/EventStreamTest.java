package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.observe.events.EventPipeline;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventStreamTest {

  @TempDir private Path folder;

  private static final class Lines implements EventStream.Output {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void writeAndWait(String text) {
      writeLater(text);
    }

    @Override
    public void writeLater(String text) {
      lines.addAll(text.lines().filter(line -> !line.isEmpty()).toList()); // no half of an event
    }

    private long count(String line) {
      return lines.stream().filter(line::equals).count();
    }
  }

  private EventPipeline open() throws IOException {
    ScratchHome home = new ScratchHome(folder);
    return new EventPipeline(home.home, new DurableFiles(), ScratchHome.OWNER, List.of(), true);
  }

  private static Lines follow(EventPipeline pipeline, String after, String batch)
      throws IOException {
    Lines lines = new Lines();
    Optional<String> position = Optional.of(after).filter(text -> !text.isEmpty());
    new EventStream(pipeline.feed(), new HttpResponse.Events(position, batch), lines).start();
    return lines;
  }

  @Test
  void continuesWhereAClientWasAfterARestart() throws IOException {
    // given
    try (EventPipeline first = open()) {
      first.events().changed(new PipelineChange.WorkerJoined("a", List.of()));
      first.events().changed(new PipelineChange.WorkerJoined("b", List.of()));
    }
    try (EventPipeline second = open()) {
      // when
      Lines received = follow(second, "1", "");
      second.events().changed(new PipelineChange.WorkerLost("a", "gone"));

      // then
      await().until(() -> received.lines.contains("event: worker.lost"));
      assertThat(received.lines)
          .filteredOn(line -> !line.startsWith("data: "))
          .containsExactly("id: 2", "event: worker.joined", "id: 3", "event: worker.lost");
    }
  }

  @Test
  void sendsEachEventOnceToAClientThatConnectsDuringABurst() throws IOException {
    try (EventPipeline pipeline = open()) {
      // when
      for (int n = 0; n < 300; n++) {
        pipeline.events().changed(new PipelineChange.WorkerJoined("w" + n, List.of()));
      }
      Lines all = follow(pipeline, "0", "");
      for (int n = 0; n < 300; n++) {
        pipeline.events().changed(new PipelineChange.WorkerLost("w" + n, "gone"));
      }

      // then
      await().until(() -> all.lines.contains("id: 600"));
      assertThat(all.count("event: worker.joined")).isEqualTo(300);
      assertThat(all.count("event: worker.lost")).isEqualTo(300);
      assertThat(all.lines).doesNotContain("event: reset");
    }
  }

  @Test
  void sendsAResetWhenItCannotTellWhatAClientMissed() throws IOException {
    try (EventPipeline pipeline = open()) {
      Lines told = follow(pipeline, "", "");
      pipeline.events().changed(new PipelineChange.WorkerJoined("a", List.of()));
      await().until(() -> told.lines.contains("id: 1")); // it is stored before
      for (String position : List.of("older-7", "99", "-1")) {
        assertThat(follow(pipeline, position, "").lines).as(position).startsWith("event: reset");
      }
      assertThat(follow(pipeline, "1", "").lines).isEmpty();
      assertThat(follow(pipeline, "", "").lines).as("without Last-Event-ID").isEmpty();
      assertThat(follow(pipeline, "0", "other/batch").lines).as("of another batch").isEmpty();
    }
  }
}
