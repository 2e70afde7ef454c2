package dev.caravan.pipeline.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusFileTest {

  private final AtomicReference<DaemonStatus> status = new AtomicReference<>(status("all is well"));
  private final FullDisk disk = new FullDisk();

  @TempDir private Path folder;
  private Home home;
  private StatusFile file;

  /** Takes no files once it is full. */
  private static final class FullDisk extends DurableFiles {

    private boolean isFull;
    private boolean isReadOnly;

    @Override
    public void writeWhole(Path target, byte[] content) throws IOException {
      if (isFull) {
        throw new IOException("No space left on device");
      }
      super.writeWhole(target, content);
    }

    @Override
    public void delete(Path target) throws IOException {
      if (isReadOnly) {
        throw new IOException("Read-only file system");
      }
      super.delete(target);
    }
  }

  private static DaemonStatus status(String closed) {
    return new DaemonStatus(1, 7, closed, List.of(), List.of());
  }

  @BeforeEach
  void makeFile() throws IOException {
    home = new Home(folder);
    file = new StatusFile(status::get, home, disk);
    file.write();
  }

  @Test
  void tellsNothingRatherThanWhatIsNoLongerTrue() {
    // given
    status.set(status("the disk is full"));
    disk.isFull = true;

    // when, then
    assertThatThrownBy(file::write).hasMessageContaining("No space left");
    assertThat(home.status()).doesNotExist();
  }

  @Test
  void tellsWhyItIsNotWrittenWhereItCannotBeRemovedEither() {
    // given
    status.set(status("the disk is full"));
    disk.isFull = true;
    disk.isReadOnly = true;

    // when, then
    assertThatThrownBy(file::write).hasMessageContaining("No space left");
  }

  @Test
  void isWrittenAgainAsSoonAsItCanBe() throws IOException {
    // given
    status.set(status("the disk is full"));
    disk.isFull = true;
    assertThatThrownBy(file::write).isInstanceOf(IOException.class);

    // when: it is as it was before
    disk.isFull = false;
    status.set(status("all is well"));
    file.write();

    // then
    assertThat(DaemonStatus.of(home)).contains(status("all is well"));
  }

  @Test
  void keepsWhatHasNotChanged() throws IOException {
    // given
    disk.isFull = true;

    // when
    file.write();

    // then
    assertThat(DaemonStatus.of(home)).contains(status("all is well"));
  }
}
