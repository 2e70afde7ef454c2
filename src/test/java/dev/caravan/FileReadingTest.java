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

/** What the sources may use to read files and file systems. */
class FileReadingTest {

  private static final Path SOURCES = Path.of("src/main/java/dev/caravan");

  /** Files that others can replace are opened by {@code RegularFiles} only. */
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
          "pipeline/process/Executables",
          "pipeline/process/OrphanGuard",
          "pipeline/process/Process",
          "pipeline/process/PythonScript",
          "pipeline/target/TargetTrust",
          "storage/SetupLocation");

  @Test
  void opensRegularFilesOnly() throws IOException {
    // then
    assertThat(sourcesWith(READS))
        .filteredOn(name -> OTHERS.stream().noneMatch(name::startsWith))
        .isEmpty();
  }

  /** In a chroot "/" is in no mount table, and Java then finds no {@code FileStore}. */
  @Test
  void asksForFreeSpaceWithoutAMountTable() throws IOException {
    // then
    assertThat(sourcesWith(Pattern.compile("getFileStore"))).isEmpty();
  }

  private static List<String> sourcesWith(Pattern pattern) throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        if (pattern.matcher(Files.readString(file)).find()) {
          found.add(SOURCES.relativize(file).toString());
        }
      }
    }
    return found;
  }
}
