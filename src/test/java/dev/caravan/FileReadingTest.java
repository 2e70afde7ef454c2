package dev.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Files that others can replace are opened by {@code RegularFiles} only. */
class FileReadingTest {

  private static final Path SOURCES = Path.of("src/main/java/dev/caravan");

  private static final Pattern READS =
      Pattern.compile(
          "Files\\.(newInputStream|readString|readAllBytes|readAllLines|lines|newBufferedReader)\\("
              + "|new (RandomAccessFile|FileInputStream|FileReader)\\("
              + "|(readTree|readValue|readValues|createParser)\\([^;]*\\.toFile\\(\\)");

  /** Programs of the user, files that the user names, and the kernel's. */
  private static final List<String> OTHERS =
      List.of(
          "tools/",
          "cli/",
          "config/settings/",
          "fleet/jms/",
          "fleet/protocol/ResultArchive",
          "pipeline/accept/GivenConfig",
          "pipeline/accept/InputFiles",
          "pipeline/accept/Dataset",
          "pipeline/environment/KernelFile",
          "pipeline/process/OrphanGuard",
          "pipeline/process/Process",
          "pipeline/process/PythonScript",
          "pipeline/target/TargetTrust",
          "storage/SetupLocation");

  @Test
  void opensRegularFilesOnly() throws IOException {
    // given
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        String name = SOURCES.relativize(file).toString();
        String source = Files.readString(file);
        if (OTHERS.stream().noneMatch(name::startsWith) && READS.matcher(source).find()) {
          found.add(name);
        }
      }
    }
    // then
    assertThat(found).isEmpty();
  }
}
