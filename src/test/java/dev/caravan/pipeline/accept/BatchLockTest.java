package dev.caravan.pipeline.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.FixedRules;
import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.model.Batch;
import dev.caravan.storage.BatchFolder;
import dev.caravan.testing.Fifo;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchLockTest {

  @TempDir private Path folder;

  @Test
  void refusesWhatIsNoFile() throws Exception {
    // given
    Path fifo = Fifo.create(folder.resolve(BatchFolder.LOCK));
    // when, then
    assertThatThrownBy(() -> BatchLock.take(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not a file but a FIFO");
    // given
    Files.delete(fifo);
    Path elsewhere = folder.resolve("elsewhere");
    Files.createSymbolicLink(fifo, elsewhere);
    // when, then
    assertThatThrownBy(() -> BatchLock.take(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not a file but a link");
    assertThat(elsewhere).doesNotExist();
  }

  @Test
  void isRefusedOnlyByItsHolderWhileItComesAndGoes() throws Exception {
    // given
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Void> other = CompletableFuture.runAsync(() -> takeUntil(over));
    // when
    for (int n = 0; n < 3000; n++) {
      try {
        BatchLock.take(folder).close();
      } catch (SettingsRefusedException held) {
        // then
        assertThat(held).hasMessageContaining("already running");
      }
    }
    over.set(true);
    other.join();
  }

  private void takeUntil(AtomicBoolean over) {
    while (!over.get()) {
      try {
        BatchLock.take(folder).close();
      } catch (SettingsRefusedException held) {
        Thread.onSpinWait();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void isKeptFromOtherProcessesWhenThisOneIsRefusedASecond() throws Exception {
    try (BatchLock lock = BatchLock.take(folder)) {
      assertThat(lock).hasToString("the lock " + folder.resolve(BatchFolder.LOCK));
      Object inode = Files.getAttribute(folder.resolve(BatchFolder.LOCK), "unix:ino");

      // when
      assertThatThrownBy(() -> BatchLock.take(folder)).isInstanceOf(SettingsRefusedException.class);

      // then
      assertThat(Files.readString(Path.of("/proc/locks"))).contains(":" + inode + " ");
    }
  }

  @Test
  void leavesNothingBehind() throws Exception {
    // given
    Batch batch = new ScratchHome(folder).accept(FixedRules.BASE);
    Path file = batch.folder().resolve(BatchFolder.LOCK);
    // when
    try (BatchLock lock = BatchLock.take(batch)) {
      // then
      assertThat(lock).isNotNull();
      assertThat(file).isEmptyFile();
      assertThatThrownBy(() -> BatchLock.take(batch))
          .isInstanceOf(SettingsRefusedException.class)
          .hasMessageContaining("already running");
    }
    assertThat(file).doesNotExist();
    BatchLock.take(batch).close();
    assertThat(file).doesNotExist();
  }
}
