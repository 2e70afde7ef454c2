package dev.caravan.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveTreeTest {

  @TempDir private Path folder;

  @Test
  void leavesOutWhatIsGoneWhenReached() throws Exception {
    // given
    SampleTree.write(folder.resolve("run/result.json"), "{}");
    AtomicBoolean looked = new AtomicBoolean();
    CompletableFuture<Void> program = CompletableFuture.runAsync(() -> replace(looked));

    // when, then
    try {
      for (int i = 0; i < 2_000; i++) {
        assertThat(LiveTree.files(folder)).contains(folder.resolve("run/result.json"));
        assertThat(LiveTree.list(folder.resolve("gone"))).hasSizeLessThan(2);
        assertThat(LiveTree.text(folder.resolve("gone/x.tmp"))).isIn("", "x");
      }
    } finally {
      looked.set(true);
    }
    program.get();
  }

  @Test
  void hidesNoOtherFault() throws IOException {
    // given
    Path closed = Files.createDirectory(folder.resolve("closed"));
    assertThat(closed.toFile().setReadable(false)).isTrue();
    assumeFalse(Files.isReadable(closed), "root may read every folder");

    // when, then
    assertThatThrownBy(() -> LiveTree.files(folder)).isInstanceOf(UncheckedIOException.class);
  }

  private void replace(AtomicBoolean looked) {
    Path gone = folder.resolve("gone");
    try {
      while (!looked.get()) {
        Files.createDirectories(gone);
        Files.writeString(gone.resolve("x.tmp"), "x");
        Files.delete(gone.resolve("x.tmp"));
        Files.delete(gone);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
