package dev.caravan.pipeline.accept;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadLetterStoreTest {

  @TempDir private Path folder;

  @Test
  void keepsEachMessageWithItsCause() throws IOException {
    // given
    Home home = new Home(folder);
    DeadLetterStore deadLetters = new DeadLetterStore(home, new DurableFiles());
    // when
    deadLetters.keep("{\"x\": \"ü\"", new IllegalStateException("no run"));
    deadLetters.keep("other", new IllegalStateException("no run"));
    // then
    List<String> names = names(home.dead());
    assertThat(names).hasSize(4);
    assertThat(names.stream().filter(n -> !n.endsWith(".cause.txt")).map(n -> read(home, n)))
        .containsExactlyInAnyOrder("{\"x\": \"ü\"", "other");
    assertThat(names.stream().filter(n -> n.endsWith(".cause.txt")).map(n -> read(home, n)))
        .containsOnly("java.lang.IllegalStateException: no run\n");
  }

  @Test
  void neverThrowsWhenTheDiskFails() throws IOException {
    // given
    Files.writeString(folder.resolve("inbox"), "a file where a folder should be");
    DeadLetterStore deadLetters = new DeadLetterStore(new Home(folder), new DurableFiles());
    // then
    assertThatCode(() -> deadLetters.keep("x", new IOException("why"))).doesNotThrowAnyException();
  }

  private static String read(Home home, String name) {
    try {
      return Files.readString(home.dead().resolve(name));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
