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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A package imports only packages that come before it in the order below. */
class ImportDirectionTest {

  private static final String ROOT = "";

  /** Every package after those it may import; the root comes last. */
  static final List<String> ORDER =
      List.of(
          "analysis",
          "config/text",
          "config/yaml",
          "config/settings",
          "config",
          "storage",
          "model/plan",
          "model",
          "pipeline/process",
          "pipeline/target",
          "pipeline/environment",
          "pipeline/outcome/checks",
          "pipeline/outcome",
          "pipeline/accept",
          "pipeline/hooks",
          "pipeline/run",
          "pipeline/changes",
          "pipeline/dispatch",
          "pipeline/record",
          "fleet/protocol",
          "fleet/hub",
          "fleet/worker",
          "fleet/jms",
          "observe/events",
          "observe/report",
          "observe/compare",
          "observe/retention",
          "observe/http",
          "tools/setup",
          "tools/simulator",
          "cli",
          "app/camel",
          "app",
          ROOT);

  private static final String SOURCES = "src/main/java/dev/caravan";
  private static final String TESTS = "src/test/java/dev/caravan";
  private static final int MOST_LINES = 300;

  /** Any mention of one of our classes, except the class name that starts a process. */
  private static final Pattern OURS =
      Pattern.compile("(?<!\")\\bdev\\.caravan\\.((?:[a-z]+\\.)*)[A-Z]\\w*");

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
  void foldersOfPackagesImportOnlyDownwardsToo() {
    assertThat(ORDER.stream().map(ImportDirectionTest::top).distinct())
        .as("a top-level package is one block of the order, so that its direction follows")
        .hasSize(blocks());
  }

  private static int blocks() {
    int blocks = 0;
    String last = null;
    for (String name : ORDER) {
      blocks += top(name).equals(last) ? 0 : 1;
      last = top(name);
    }
    return blocks;
  }

  private static String top(String name) {
    return name.replaceFirst("/.*", "");
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
        .allMatch(source -> Set.of("app", "app/camel").contains(source.folder()), "lies in app");
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
  void thereIsOneMapperOfJson() throws IOException {
    Pattern making = Pattern.compile("new (Object|Json)Mapper\\(|JsonMapper\\.builder\\(");
    assertThat(sources())
        .filteredOn(source -> making.matcher(source.text()).find())
        .extracting(Source::name)
        .containsExactly("storage/Json.java");
  }

  @ParameterizedTest
  @ValueSource(strings = {SOURCES, TESTS})
  void noFileIsLong(String root) throws IOException {
    assertThat(sources(Path.of(root)))
        .hasSizeGreaterThan(100)
        .filteredOn(source -> source.text().lines().count() > MOST_LINES)
        .extracting(Source::name)
        .isEmpty();
  }

  private static List<String> used(String text) {
    List<String> used = new ArrayList<>();
    Matcher matcher = OURS.matcher(text);
    while (matcher.find()) {
      used.add(matcher.group(1).replaceFirst("\\.$", "").replace('.', '/'));
    }
    return used;
  }

  private static List<Source> sources() throws IOException {
    return sources(Path.of(SOURCES));
  }

  private static List<Source> sources(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(file -> source(root, file))
          .toList();
    }
  }

  private static Source source(Path root, Path file) {
    try {
      return new Source(
          root.relativize(file).toString(),
          root.relativize(file.getParent()).toString(),
          Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
