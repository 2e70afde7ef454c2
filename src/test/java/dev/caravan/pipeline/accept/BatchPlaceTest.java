package dev.caravan.pipeline.accept;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.yaml.ConfigRefusedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders that no file system takes, of configs that are accepted however they came. */
class BatchPlaceTest {

  @TempDir private Path folder;

  @Test
  void refusesAPartOfMoreThan255Bytes() {
    // given: 255 and 256 bytes
    String most = "\u00fc".repeat(127) + "x";
    // then
    assertUsable(folder.resolve(most).resolve("b"));
    assertRefused(folder.resolve(most + "x").resolve("b"), "has a part of 256 bytes");
    assertRefused(folder.resolve("out").resolve(most + "x"), "has a part of 256 bytes");
  }

  @Test
  void refusesAPathOfMoreThan3500Bytes() {
    // given
    Path most = pathOf(3_500);
    // then
    assertUsable(most);
    assertRefused(Path.of(most + "x"), "has 3501 bytes");
  }

  @Test
  void refusesAPartThatIsThereAndNoFolder() throws Exception {
    // given
    Path file = Files.writeString(folder.resolve("notes"), "text");
    Path broken = Files.createSymbolicLink(folder.resolve("broken"), folder.resolve("gone"));
    Path link =
        Files.createSymbolicLink(folder.resolve("link"), Files.createTempDirectory(folder, "d"));
    // then
    assertRefused(file, file + " exists and is not a folder");
    assertRefused(file.resolve("a/b"), file + " exists and is not a folder");
    assertRefused(broken.resolve("b"), broken + " exists and is not a folder");
    assertUsable(link.resolve("b"));
  }

  /** A path of this many bytes, of names that are short enough. */
  private Path pathOf(int bytes) {
    StringBuilder path = new StringBuilder(folder.toString());
    while (path.toString().getBytes(StandardCharsets.UTF_8).length < bytes - 200) {
      path.append("/").append("d".repeat(100));
    }
    int left = bytes - path.toString().getBytes(StandardCharsets.UTF_8).length - 1;
    return Path.of(path + "/" + "e".repeat(left));
  }

  private static void assertUsable(Path batches) {
    assertThatCode(() -> BatchPlace.check(batches, "a.yaml")).doesNotThrowAnyException();
  }

  private static void assertRefused(Path batches, String message) {
    assertThatThrownBy(() -> BatchPlace.check(batches, "a.yaml"))
        .isInstanceOf(ConfigRefusedException.class)
        .hasMessageStartingWith("a.yaml: ")
        .hasMessageContaining(message);
  }
}
