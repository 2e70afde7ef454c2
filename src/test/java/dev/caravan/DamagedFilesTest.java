package dev.caravan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every file that Caravan reads, damaged in every way: each reader says what is wrong as an {@link
 * IOException}, or does without; none fails otherwise, or hangs.
 */
class DamagedFilesTest {

  @TempDir private Path folder;
  private FullHome home;
  private HomeReaders readers;

  @BeforeEach
  void writesAHome() throws IOException {
    home = new FullHome(folder);
    readers = new HomeReaders(home);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "missing",
        "empty",
        "cut",
        "garbage",
        "a folder",
        "a dangling link",
        "a link out",
        "a FIFO"
      })
  void readsAroundADamagedFile(String kind) throws Exception {
    // given
    Damage damage = Damage.of(kind);
    int cases = 0;

    // when, then
    for (Path file : home.files()) {
      readAround(file, kind, damage);
      cases++;
    }
    System.out.printf("DAMAGED %d files: %s%n", cases, kind);
    assertThat(cases).isGreaterThan(15);
  }

  @Test
  void readsAroundAnUnreadableFile() throws Exception {
    // given
    assumeFalse("root".equals(System.getProperty("user.name")), "root reads everything");
    Damage damage = file -> Files.setPosixFilePermissions(file, Set.of());

    // when, then
    for (Path file : home.files()) {
      readAround(file, "unreadable", damage);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "another type", "huge text", "huge number"})
  void readsAroundADamagedField(String kind) throws Exception {
    // given
    int cases = 0;

    // when, then
    for (Path file : home.files()) {
      for (Map.Entry<String, String> field :
          DamagedFields.variants(Files.readString(file), kind).entrySet()) {
        readAround(
            file,
            field.getKey() + " is " + kind,
            damaged -> FullHome.write(damaged, field.getValue()));
        cases++;
      }
    }
    System.out.printf("DAMAGED %d fields: %s%n", cases, kind);
    assertThat(cases).isGreaterThan(100);
  }

  private void readAround(Path file, String what, Damage damage) throws Exception {
    byte[] whole = Files.readAllBytes(file);
    damage.to(file);
    readers.readAll(folder.relativize(file) + ": " + what);
    FullHome.restore(file, whole);
  }
}
