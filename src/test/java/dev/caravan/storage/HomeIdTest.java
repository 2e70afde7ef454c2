package dev.caravan.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeIdTest {

  private final DurableFiles files = new DurableFiles();
  @TempDir private Path folder;

  @Test
  void staysWhenTheHomeIsMoved() throws IOException {
    // given
    Path before = Files.createDirectories(folder.resolve("before"));
    String id = HomeId.of(new Home(before), files);
    // when
    Path after = Files.move(before, folder.resolve("after"));
    // then
    assertThat(HomeId.of(new Home(after), files)).isEqualTo(id);
    assertThat(HomeId.of(new Home(after), files)).isEqualTo(id);
  }

  @Test
  void changesInACopyOfTheHome() throws IOException {
    // given
    Path original = Files.createDirectories(folder.resolve("original"));
    String id = HomeId.of(new Home(original), files);
    Path copy = folder.resolve("copy");
    Files.createDirectories(copy.resolve(".caravan"));
    for (Path file : files.list(original.resolve(".caravan"))) {
      Files.copy(file, copy.resolve(".caravan").resolve(file.getFileName()));
    }
    // when
    String other = HomeId.of(new Home(copy), files);
    // then
    assertThat(other).isNotEqualTo(id);
    assertThat(HomeId.of(new Home(copy), files)).isEqualTo(other);
    assertThat(HomeId.of(new Home(original), files)).isEqualTo(id);
  }

  @Test
  void isTheSameThroughALinkToTheHome() throws IOException {
    // given
    Path home = Files.createDirectories(folder.resolve("home"));
    String id = HomeId.of(new Home(home), files);
    Path link = Files.createSymbolicLink(folder.resolve("link"), home);
    // then
    assertThat(HomeId.of(new Home(link), files)).isEqualTo(id);
    assertThat(HomeId.of(new Home(home), files)).isEqualTo(id);
  }
}
