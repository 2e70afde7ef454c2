package dev.caravan.observe.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.Fifo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalTest {

  @TempDir private Path folder;
  private Journal journal;

  @BeforeEach
  void open() throws IOException {
    journal = Journal.in(folder, new DurableFiles());
  }

  @Test
  void readsItsEventsBackAfterARestart() throws IOException {
    // when
    append("b/1", 1, 3);
    append("b/1", 4, 5);
    // then
    Journal reopened = Journal.in(folder, new DurableFiles());
    assertThat(reopened.last()).isEqualTo(5);
    assertThat(reopened.after(2, 2)).extracting(StoredEvent::sequence).containsExactly(3L, 4L);
    assertThat(reopened.after(2, 2)).isEqualTo(journal.after(2, 2));
    assertThat(reopened.takeKeys())
        .hasSize(5)
        .containsEntry("urn:caravan:test b/1/run4:1:run.finished", 4L);
    assertThat(reopened.takeKeys()).isEmpty();
  }

  @Test
  void skipsATruncatedLine() throws IOException {
    // given
    append("b/1", 1, 2);
    Path file = files().get(0);
    String text = Files.readString(file);
    Files.writeString(file, text.substring(0, text.length() - 20));
    // when
    journal = Journal.in(folder, new DurableFiles());
    append("b/1", 2, 3);
    // then
    assertThat(Journal.in(folder, new DurableFiles()).after(0, 9))
        .extracting(StoredEvent::sequence)
        .containsExactly(1L, 2L, 3L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"folder", "FIFO", "link"})
  void leavesOutWhatItCannotRead(String kind) throws Exception {
    // given
    append("b/1", 1, 2);
    Path file = files().get(0);
    Files.delete(file);
    switch (kind) {
      case "folder" -> Files.createDirectory(file);
      case "link" -> Files.createSymbolicLink(file, folder.resolve("nowhere"));
      default -> Fifo.create(file);
    }
    // when
    journal = Journal.in(folder, new DurableFiles());
    long next = journal.last() + 1;
    append("b/2", next, next + 1);
    // then
    assertThat(Journal.in(folder, new DurableFiles()).after(0, 9))
        .extracting(StoredEvent::sequence)
        .containsExactly(next, next + 1);
    assertThat(next).isGreaterThan(2);
  }

  @Test
  void losesNothingWhenAWriteFailsHalfway() throws IOException {
    // given
    append("b/1", 1, 1);
    Journal failing = Journal.in(folder, new FailsOnce(1));
    // when
    assertThatThrownBy(() -> failing.append(storedEvents("b/1", 2, 3)))
        .isInstanceOf(IOException.class);
    failing.append(storedEvents("b/1", 2, 4));
    // then
    assertThat(Journal.in(folder, new DurableFiles()).after(0, 9))
        .extracting(StoredEvent::sequence)
        .containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void splitsWhatARestartRebuildsIntoFilesThatCanBeRead() throws IOException {
    // when
    append("b/1", 1, 2500);
    // then
    assertThat(files())
        .extracting(file -> Files.readAllLines(file).size())
        .containsExactly(1000, 1000, 500);
    // when: few but long ones
    String text = "x".repeat(3 << 20);
    List<StoredEvent> large =
        LongStream.rangeClosed(2501, 2506)
            .mapToObj(n -> new StoredEvent(n, "t", "s i" + n, "i" + n, "b/1", json(n, text)))
            .toList();
    journal.append(large);
    // then
    assertThat(files()).allMatch(file -> file.toFile().length() < 12 << 20).hasSize(4);
    assertThat(Journal.in(folder, new DurableFiles()).after(2499, 9))
        .extracting(StoredEvent::sequence)
        .containsExactly(2500L, 2501L, 2502L, 2503L, 2504L, 2505L, 2506L);
  }

  @Test
  void repeatsOnlyWhatIsMissingOfManyEvents() throws IOException {
    // given
    Journal failing = Journal.in(folder, new FailsOnce(2));
    List<StoredEvent> events = storedEvents("b/1", 1, 2500);
    // when
    assertThatThrownBy(() -> failing.append(events)).isInstanceOf(IOException.class);
    failing.append(events);
    // then
    assertThat(failing.after(0, 9999))
        .extracting(StoredEvent::sequence)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 2500).boxed().toList());
    assertThat(Files.readAllLines(files().get(0))).hasSize(1000);
  }

  @Test
  void prunesOnlyDeliveredEventsOfFinishedBatches() throws IOException {
    // given
    for (int n = 0; n < 15; n++) {
      append(n < 3 ? "old/1" : "open/1", n * 1000L + 1, n * 1000L + 1000);
    }
    assertThat(files()).hasSize(15);
    // when
    journal.prune(1500, Set.of("open/1"));
    // then
    assertThat(files()).hasSize(14);
    // when
    journal.prune(15000, Set.of("open/1"));
    // then
    assertThat(files()).hasSize(12);
    // when
    journal.prune(15000, Set.of());
    // then
    assertThat(files()).hasSize(10);
    assertThat(journal.after(0, 1)).extracting(StoredEvent::sequence).containsExactly(5001L);
  }

  private void append(String batch, long from, long to) throws IOException {
    journal.append(storedEvents(batch, from, to));
  }

  private static List<StoredEvent> storedEvents(String batch, long from, long to) {
    return LongStream.rangeClosed(from, to)
        .mapToObj(n -> CloudEventJson.write(n, SampleEvents.run(batch, (int) n)))
        .toList();
  }

  private static String json(long sequence, String text) {
    return "{\"id\":\"i%d\",\"source\":\"s\",\"sequence\":\"%d\",\"data\":{\"text\":\"%s\"}}"
        .formatted(sequence, sequence, text);
  }

  private List<Path> files() throws IOException {
    return new ArrayList<>(new DurableFiles().list(folder));
  }

  /** Fails in the middle of one append. */
  private static final class FailsOnce extends DurableFiles {
    private int calls;
    private final int failing;

    private FailsOnce(int failing) {
      this.failing = failing;
    }

    @Override
    public void append(Path log, byte[] lines) throws IOException {
      if (++calls == failing) {
        Files.write(
            log,
            Arrays.copyOf(lines, lines.length * 3 / 4),
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
        throw new IOException("No space left on device");
      }
      super.append(log, lines);
    }
  }
}
