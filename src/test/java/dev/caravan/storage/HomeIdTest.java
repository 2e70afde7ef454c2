package dev.caravan.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeIdTest {

  private final DurableFiles tree = new DurableFiles();
  @TempDir private Path folder;

  @Test
  void isKeptWhenTheHomeIsMoved() throws IOException {
    // given
    Path before = Files.createDirectories(folder.resolve("before"));
    String id = HomeId.of(new Home(before), tree);
    // when
    Path after = Files.move(before, folder.resolve("after"));
    // then
    assertThat(HomeId.of(new Home(after), tree)).isEqualTo(id);
    assertThat(HomeId.of(new Home(after), tree)).isEqualTo(id);
  }

  @Test
  void isAnotherOneInACopyOfTheHome() throws IOException {
    // given
    Path original = Files.createDirectories(folder.resolve("original"));
    String id = HomeId.of(new Home(original), tree);
    Path copy = folder.resolve("copy");
    Files.createDirectories(copy.resolve(".caravan"));
    for (Path file : tree.list(original.resolve(".caravan"))) {
      Files.copy(file, copy.resolve(".caravan").resolve(file.getFileName()));
    }
    // when
    String other = HomeId.of(new Home(copy), tree);
    // then
    assertThat(other).isNotEqualTo(id);
    assertThat(HomeId.of(new Home(copy), tree)).isEqualTo(other);
    assertThat(HomeId.of(new Home(original), tree)).isEqualTo(id);
  }

  @Test
  void isTheSameThroughALinkToTheHome() throws IOException {
    // given
    Path home = Files.createDirectories(folder.resolve("home"));
    String id = HomeId.of(new Home(home), tree);
    Path link = Files.createSymbolicLink(folder.resolve("link"), home);
    // then
    assertThat(HomeId.of(new Home(link), tree)).isEqualTo(id);
    assertThat(HomeId.of(new Home(home), tree)).isEqualTo(id);
  }
}
