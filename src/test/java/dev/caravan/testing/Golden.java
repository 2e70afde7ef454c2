package dev.caravan.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Files with the exact text of a format, below {@code src/test/resources/dev/caravan}. With {@code
 * -Dcaravan.golden.write=true} they are written instead of compared.
 */
public final class Golden {

  private static final Path FOLDER = Path.of("src/test/resources/dev/caravan");

  private Golden() {}

  /** Requires that the text is, byte for byte, that of the file with this name. */
  public static void assertText(String name, String text) {
    Path file = FOLDER.resolve(name);
    try {
      if (Boolean.getBoolean("caravan.golden.write")) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
      }
      assertThat(text).as(name).isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
