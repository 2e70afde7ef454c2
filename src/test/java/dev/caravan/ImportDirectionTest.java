package dev.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Packages know those before them and never those after them. */
class ImportDirectionTest {

  private static final String ROOT = "";

  /** The packages, each below those that may know it; the root is the last. */
  static final List<String> ORDER =
      List.of(
          "config",
          "sweep",
          "batch",
          "exec",
          "health",
          "result",
          "run",
          "dispatch",
          "events",
          "record",
          "remote",
          "broker",
          "report",
          "web",
          "setup",
          "simulate",
          "cli",
          "camel",
          ROOT);

  private static final Path SOURCES = Path.of("src/main/java/dev/caravan");
  private static final int MOST_LINES = 300;

  /** Any mention of a class of ours but as the text that a process is started by. */
  private static final Pattern OURS =
      Pattern.compile("(?<!\")\\bdev\\.caravan\\.([a-z]+\\.)?[A-Z]\\w*");

  private record Source(String name, String folder, String text) {}

  @Test
  void packagesImportOnlyDownwards() throws IOException {
    List<String> faults = new ArrayList<>();
    for (Source source : sources()) {
      for (String used : used(source.text())) {
        if (ORDER.indexOf(used) > ORDER.indexOf(source.folder())) {
          faults.add(source.name() + " knows " + (used.isEmpty() ? "the root" : used));
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void everyPackageHasItsPlaceInTheOrder() throws IOException {
    assertThat(sources()).extracting(Source::folder).allMatch(ORDER::contains);
  }

  @Test
  void onlyTheWiringAndItsAdaptersKnowCamel() throws IOException {
    assertThat(sources())
        .filteredOn(source -> source.text().contains("org.apache.camel"))
        .isNotEmpty()
        .allMatch(
            source -> Set.of(ROOT, "camel").contains(source.folder()), "lies in the root or camel");
  }

  @Test
  void onlyCommandsPrint() throws IOException {
    Pattern printing = Pattern.compile("System\\.(out|err)\\b|printStackTrace");
    assertThat(sources())
        .filteredOn(source -> printing.matcher(source.text()).find())
        .isNotEmpty()
        .allMatch(source -> source.folder().equals("cli"), "lies in cli");
  }

  @Test
  void noFileIsLong() throws IOException {
    assertThat(sources())
        .hasSizeGreaterThan(100)
        .filteredOn(source -> source.text().lines().count() > MOST_LINES)
        .isEmpty();
  }

  private static List<String> used(String text) {
    List<String> used = new ArrayList<>();
    Matcher matcher = OURS.matcher(text);
    while (matcher.find()) {
      used.add(matcher.group(1) == null ? ROOT : matcher.group(1).replace(".", ""));
    }
    return used;
  }

  private static List<Source> sources() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(ImportDirectionTest::source)
          .toList();
    }
  }

  private static Source source(Path file) {
    try {
      return new Source(
          SOURCES.relativize(file).toString(),
          SOURCES.relativize(file.getParent()).toString(),
          Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
