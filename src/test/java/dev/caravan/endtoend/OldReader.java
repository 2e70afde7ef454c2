package dev.caravan.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A reader of result trees of {@code run_aiperf.py}: a Python script like those that were written
 * for them, which uses glob, json and csv and nothing from Caravan.
 */
final class OldReader {

  private OldReader() {}

  /** One line per run of this glob, after the script has checked every field that readers use. */
  static List<String> read(Path scratch, String runs) throws IOException, InterruptedException {
    Path script = scratch.resolve("old_reader.py");
    try (InputStream source =
        OldReader.class.getResourceAsStream("/dev/caravan/testing/old_reader.py")) {
      Files.write(script, source.readAllBytes());
    }
    Path output = scratch.resolve("read.txt");
    Process python =
        new ProcessBuilder("python3", script.toString(), runs)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(python.waitFor(2, TimeUnit.MINUTES)).isTrue();
    List<String> lines = Files.readAllLines(output);
    assertThat(python.exitValue()).as("%s", lines).isZero();
    return lines;
  }
}
