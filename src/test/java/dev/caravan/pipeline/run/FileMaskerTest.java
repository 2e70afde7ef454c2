package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.pipeline.process.Masking;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileMaskerTest {

  private static final String KEY = "sk-secret-0123456789";

  private final List<String> synced = new ArrayList<>();

  /** Else a power cut after the note of the key is gone would bring the key back. */
  @Test
  void hasOnDiskWhatItMaskedAndSyncsNothingElse(@TempDir Path folder) throws IOException {
    // given
    Path logs = Files.createDirectory(folder.resolve("logs"));
    Files.writeString(logs.resolve("aiperf.log"), "key: " + KEY + "\n");
    Files.writeString(logs.resolve("other.log"), "no key\n");
    DurableFiles files =
        new DurableFiles() {
          @Override
          public void sync(Path path) throws IOException {
            synced.add(folder.relativize(path) + ": " + content(path));
            super.sync(path);
          }
        };

    // when
    List<String> masked =
        new FileMasker(files).mask(List.of(logs), folder, new Masking(List.of(KEY)));

    // then
    assertThat(masked).containsExactly("logs/aiperf.log");
    assertThat(synced)
        .containsExactly("logs/aiperf.log: key: ********\n", "logs: [aiperf.log, other.log]");
  }

  private static String content(Path path) throws IOException {
    return Files.isDirectory(path)
        ? new DurableFiles().list(path).stream().map(Path::getFileName).toList().toString()
        : Files.readString(path);
  }
}
