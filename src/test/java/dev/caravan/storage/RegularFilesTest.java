package dev.caravan.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.testing.Fifo;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegularFilesTest {

  @TempDir private Path folder;

  @Test
  void readsAFile() throws IOException {
    assertThat(RegularFiles.text(Files.writeString(folder.resolve("f"), "é\n"))).isEqualTo("é\n");
  }

  @Test
  void opensNothingElse() throws Exception {
    // given
    Path file = Files.writeString(folder.resolve("f"), "x");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("none"));
    Path fifo = Fifo.create(folder.resolve("fifo"));
    Path socket = folder.resolve("socket");
    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(socket))
        .close();
    // then
    for (Path path : List.of(folder, link, dangling, fifo, socket, Path.of("/dev/zero"))) {
      assertThat(RegularFiles.exists(path)).isFalse();
      assertThatThrownBy(() -> RegularFiles.open(path)).hasMessageContaining("not a file but a");
    }
    assertThatThrownBy(() -> RegularFiles.open(folder.resolve("none")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void takesNothingForGoneThatItCannotLookAt() throws IOException {
    // given
    Path file = Files.writeString(folder.resolve("f"), "x");
    Path loop = folder.resolve("loop");
    Files.createSymbolicLink(loop, loop);
    // then
    assertThat(RegularFiles.isGone(file)).isFalse();
    assertThat(RegularFiles.isGone(loop.resolve("f"))).isFalse();
    for (String gone : List.of("none", "none/f", "f/f", "f/g/h", "loop", ".")) {
      assertThat(RegularFiles.isGone(folder.resolve(gone))).as(gone).isTrue();
    }
  }

  @Test
  void readsNoMoreThanItsLimit() throws IOException {
    Path file = Files.writeString(folder.resolve("f"), "12345");
    assertThat(RegularFiles.read(file, 5)).hasSize(5);
    assertThatThrownBy(() -> RegularFiles.read(file, 4))
        .hasMessageContaining("larger than 4 bytes");
  }
}
