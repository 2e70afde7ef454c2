package dev.caravan.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.NamelessUser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileOwnerTest {

  @TempDir private Path folder;

  @Test
  void isTheOwnerOfADroppedFile() throws Exception {
    Path dropped = Files.writeString(folder.resolve("a.yaml"), "");
    assertThat(FileOwner.of(dropped)).contains(System.getProperty("user.name"));
    assertThat(FileOwner.of(folder.resolve("gone"))).isEmpty();
  }

  @Test
  void isTheRecordedUserEvenAfterAMove() throws Exception {
    // given
    Path written = Files.writeString(folder.resolve("a.yaml"), "");
    FileOwner.record(written, "http 127.0.0.1");
    // when
    Path moved = Files.move(written, folder.resolve("b.yaml"), StandardCopyOption.ATOMIC_MOVE);
    // then
    assertThat(FileOwner.of(moved)).contains("http 127.0.0.1");
  }

  @Test
  void isTheRecordedUserAlsoOfAProcessWhoseUserHasNoName() throws Exception {
    // given
    Path written = Files.writeString(folder.resolve("a.yaml"), "");
    FileOwner.record(written, "http 127.0.0.1");
    // then
    assertThat(NamelessUser.call(() -> FileOwner.of(written))).contains("http 127.0.0.1");
  }
}
