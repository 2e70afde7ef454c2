package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.observe.events.EventPipeline;
import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventStreamTest {

  @TempDir private Path folder;

  private static final class Lines implements EventStream.Out {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void now(String text) {
      soon(text);
    }

    @Override
    public void soon(String text) {
      text.lines().filter(line -> !line.isEmpty()).forEach(lines::add);
    }

    private long count(String line) {
      return lines.stream().filter(line::equals).count();
    }
  }

  private EventPipeline life() throws IOException {
    ScratchHome home = new ScratchHome(folder);
    return new EventPipeline(home.home, new DurableFiles(), ScratchHome.OWNER, List.of(), true);
  }

  private static Lines follow(EventPipeline stage, String after, String batch) throws IOException {
    Lines lines = new Lines();
    Optional<String> place = Optional.of(after).filter(text -> !text.isEmpty());
    new EventStream(stage.feed(), new HttpResponse.Stream(place, batch), lines).begin();
    return lines;
  }

  @Test
  void goesOnAfterARestartWhereAReaderWas() throws IOException {
    // given
    try (EventPipeline first = life()) {
      first.events().workerJoined("a", List.of());
      first.events().workerJoined("b", List.of());
    }
    try (EventPipeline second = life()) {
      // when
      Lines again = follow(second, "1", "");
      second.events().workerLost("a", "gone");

      // then
      await().until(() -> again.lines.contains("event: worker.lost"));
      assertThat(again.lines)
          .filteredOn(line -> !line.startsWith("data: "))
          .containsExactly("id: 2", "event: worker.joined", "id: 3", "event: worker.lost");
    }
  }

  @Test
  void tellsEachEventOnceToOneThatComesWhileManyHappen() throws IOException {
    try (EventPipeline stage = life()) {
      // when
      IntStream.range(0, 300).forEach(n -> stage.events().workerJoined("w" + n, List.of()));
      Lines all = follow(stage, "0", "");
      IntStream.range(0, 300).forEach(n -> stage.events().workerLost("w" + n, "gone"));

      // then
      await().until(() -> all.lines.contains("id: 600"));
      assertThat(all.count("event: worker.joined")).isEqualTo(300);
      assertThat(all.count("event: worker.lost")).isEqualTo(300);
      assertThat(all.lines).doesNotContain("event: reset");
    }
  }

  @Test
  void saysWhenItDoesNotKnowWhatAReaderMissed() throws IOException {
    try (EventPipeline stage = life()) {
      stage.events().workerJoined("a", List.of());
      await().until(() -> stage.feed().after(0, 9).size() == 1);
      for (String place : List.of("older-7", "99", "-1")) {
        assertThat(follow(stage, place, "").lines).as(place).startsWith("event: reset");
      }
      assertThat(follow(stage, "1", "").lines).isEmpty();
      assertThat(follow(stage, "", "").lines).as("who asks for nothing").isEmpty();
      assertThat(follow(stage, "0", "other/batch").lines).as("of another batch").isEmpty();
    }
  }
}
