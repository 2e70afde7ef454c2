package dev.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Links between the pages lead somewhere, and their lines are short. */
class DocumentLinksTest {

  private static final Pattern CODE =
      Pattern.compile("^```.*?^```", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern LINK =
      Pattern.compile("\\]\\((?<file>[^)#:\\s]*)(?:#(?<section>[^)\\s]+))?\\)");
  private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);

  @ParameterizedTest
  @MethodSource("pages")
  void leadToFilesAndSectionsThatExist(Path page) throws IOException {
    Matcher links = LINK.matcher(prose(page));
    while (links.find()) {
      Path target = links.group("file").isEmpty() ? page : page.resolveSibling(links.group("file"));
      assertThat(target).as("%s: %s", page, links.group()).exists();
      if (links.group("section") != null) {
        assertThat(sections(target))
            .as("%s: %s", page, links.group())
            .contains(links.group("section"));
      }
    }
  }

  /** A line of a table, or one with an image, cannot be broken. */
  @ParameterizedTest
  @MethodSource("pages")
  void haveShortLines(Path page) throws IOException {
    assertThat(Files.readAllLines(page))
        .as("%s", page)
        .filteredOn(line -> !line.startsWith("|") && !line.startsWith("!["))
        .allSatisfy(line -> assertThat(line.length()).as(line).isLessThanOrEqualTo(120));
  }

  static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.walk(Path.of("docs"));
        Stream<Path> top = Files.list(Path.of(""))) {
      return Stream.concat(docs, top).filter(file -> file.toString().endsWith(".md")).toList();
    }
  }

  /** As GitHub makes them of headings. */
  private static List<String> sections(Path page) throws IOException {
    return HEADING
        .matcher(prose(page))
        .results()
        .map(heading -> heading.group(1).strip().toLowerCase(Locale.ROOT))
        .map(text -> text.replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1"))
        .map(text -> text.replaceAll("[^\\p{L}\\p{N}_ -]", "").replace(' ', '-'))
        .toList();
  }

  private static String prose(Path page) throws IOException {
    return CODE.matcher(Files.readString(page)).replaceAll("");
  }
}
