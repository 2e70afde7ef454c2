package dev.caravan.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Files with the exact text of a format, below {@code src/test/resources/dev/caravan}. With {@code
 * -Dcaravan.golden.write=true} they are written instead of compared.
 */
public final class Golden {

  private static final Path FOLDER = Path.of("src/test/resources/dev/caravan");

  /** The day of the times of sample results, which no clock shows during a test. */
  public static final String DAY = "2021-11-24";

  private static final Pattern OTHER_TIME =
      Pattern.compile("(?!" + DAY + "T)20\\d\\d-\\d\\d-\\d\\dT[0-9:.]+(Z|[+-]\\d\\d:\\d\\d)");

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

  /**
   * JSON without what differs from test to test: the batch, the home, times that a clock told, and
   * the values of these members.
   */
  public static String masked(String json, Batch batch, Path home, String... members) {
    String names = String.join("|", members);
    return OTHER_TIME
        .matcher(
            json.replace(batch.id(), "b/1")
                .replace(batch.id().replace('/', '.'), "b.1")
                .replace(home.toString(), "HOME"))
        .replaceAll("NOW")
        .replaceAll("(\"(?:" + names + ")\" : )[0-9.E]+", "$10")
        .replaceAll("(\"(?:" + names + ")\" : )\"[^\"]+\"", "$1\"…\"");
  }
}
