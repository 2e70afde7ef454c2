package dev.caravan.observe.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.analysis.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class NotifyCommandTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  @TempDir private Path folder;

  @Test
  void passesTheEventOnStandardInputAndOnlyTheGivenEnvironment() throws Exception {
    try (NotifyCommand command =
        command(TIMEOUT, "cat > in; env > seen; echo printed; echo all > done", Map.of("A", "b"))) {
      // when
      command.accept(stored(SampleEvents.end("b/1")));
      await().until(() -> Files.exists(folder.resolve("done")));
      // then
      assertThat(folder.resolve("in")).hasContent(stored(SampleEvents.end("b/1")).json());
      assertThat(Files.readAllLines(folder.resolve("seen")))
          .contains("A=b")
          .noneMatch(line -> line.startsWith("HOME="));
      assertThat(folder.resolve("log")).hasContent("printed");
    }
  }

  @Test
  void runsOnlyForEventsThatNeedAttention() throws Exception {
    try (NotifyCommand command = command(TIMEOUT, "cat >> in; echo >> done", Map.of())) {
      // when
      for (EventType type : EventType.values()) {
        command.accept(stored(SampleEvents.event(type, "b/1", type.shortName(), Map.of())));
      }
      for (Verdict verdict : Verdict.values()) {
        command.accept(stored(SampleEvents.compared("b/1", verdict)));
      }
      await().until(() -> lines("done") == 5);
      // then
      assertThat(Files.readString(folder.resolve("in")))
          .contains("batch.finished", "target.parked", "batch.held", "disk.low", "FAIL b/1")
          .doesNotContain("PASS", "REFUSED");
    }
  }

  @Test
  void runsNothingWhoseArgumentsWouldArriveAltered() throws Exception {
    // given half a character, which no encoding has
    List<String> argv = List.of("/bin/sh", "-c", "echo \"$0\" > done", "half \ud83d");
    try (NotifyCommand command =
        new NotifyCommand(argv, folder, Map.of(), folder.resolve("log"), TIMEOUT)) {
      // when
      command.accept(stored(SampleEvents.end("b/1")));
      // then
      await().during(Duration.ofMillis(300)).until(() -> !Files.exists(folder.resolve("done")));
    }
  }

  @Test
  void killsACommandThatTimesOutWithItsChildrenAndRunsTheNext() throws Exception {
    try (NotifyCommand command =
        command(Duration.ofMillis(500), "sleep 77 & echo $! >> pids; wait", Map.of())) {
      // when: some may be killed before they say what they have started
      await()
          .pollInterval(Duration.ofMillis(500))
          .until(
              () -> {
                command.accept(stored(SampleEvents.end("b/1")));
                return lines("pids") >= 2;
              });
      // then
      for (String pid : Files.readAllLines(folder.resolve("pids"))) {
        await().until(() -> ProcessHandle.of(Long.parseLong(pid)).isEmpty());
      }
    }
  }

  @Test
  @Timeout(60)
  void blocksNeitherPublishersNorShutdown() throws Exception {
    // given
    NotifyCommand command = command(Duration.ofMinutes(10), "echo $$ >> pids; sleep 777", Map.of());
    // when
    for (int n = 0; n < 500; n++) {
      command.accept(stored(SampleEvents.end("b/" + n)));
    }
    await().until(() -> lines("pids") == 1);
    command.close();
    // then
    long pid = Long.parseLong(Files.readString(folder.resolve("pids")).strip());
    await().until(() -> ProcessHandle.of(pid).isEmpty());
    assertThat(lines("pids")).isEqualTo(1);
  }

  private long lines(String file) throws IOException {
    Path path = folder.resolve(file);
    return Files.exists(path) ? Files.readString(path).lines().count() : 0;
  }

  private NotifyCommand command(Duration timeout, String script, Map<String, String> environment) {
    return new NotifyCommand(
        List.of("/bin/sh", "-c", script), folder, environment, folder.resolve("log"), timeout);
  }

  private static StoredEvent stored(Event event) {
    return CloudEventJson.write(1, event);
  }
}
