package dev.caravan.app.camel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.pipeline.accept.SettledFiles;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.camel.component.file.GenericFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettledFilesFilterTest {

  @TempDir Path inbox;

  @Test
  void passesOverNamesThatJavaCannotOpenAndTakesTheOthers() throws Exception {
    // given
    Files.writeString(inbox.resolve("für später?.yaml"), "");
    Files.writeString(inbox.resolve("plain.yaml"), "");
    new ProcessBuilder("/bin/sh", "-c", ": > \"$(printf 'l\\374r.yaml')\"")
        .directory(inbox.toFile())
        .start()
        .waitFor();
    SettledFilesFilter filter =
        new SettledFilesFilter(new SettledFiles(Duration.ZERO, System::nanoTime), path -> true);

    // when
    List<String> taken =
        Arrays.stream(inbox.toFile().listFiles())
            .filter(file -> filter.accept(generic(file)))
            .map(File::getName)
            .toList();

    // then
    assertThat(inbox.toFile().list()).hasSize(3);
    assertThat(taken).containsExactlyInAnyOrder("für später?.yaml", "plain.yaml");
  }

  private static GenericFile<File> generic(File file) {
    GenericFile<File> generic = new GenericFile<>();
    generic.setFile(file);
    generic.setFileNameOnly(file.getName());
    generic.setAbsoluteFilePath(file.getAbsolutePath());
    return generic;
  }
}
