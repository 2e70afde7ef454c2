package dev.caravan;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.AiperfOptions;
import dev.caravan.config.ConfigKeys;
import dev.caravan.config.settings.Setting;
import dev.caravan.model.Cause;
import dev.caravan.model.Outcome;
import dev.caravan.observe.events.EventType;
import dev.caravan.pipeline.outcome.ResultsCsv;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages promise to list completely is there. */
class DocumentationTest {

  @ParameterizedTest
  @EnumSource(Setting.class)
  void listsEveryPropertyWithItsDefault(Setting setting) throws IOException {
    String row = "| `" + setting.key() + "` |";
    String plain = setting.defaultValue().isEmpty() ? "" : " `" + setting.defaultValue() + "` |";

    assertThat(page("docs/properties.md")).contains(row + plain);
  }

  @ParameterizedTest
  @MethodSource("keys")
  void listsEveryKey(String key) throws IOException {
    assertThat(page("docs/configuration.md")).contains("| `" + key + "` |");
  }

  @ParameterizedTest
  @MethodSource("options")
  void listsEveryAllowedOption(String option) throws IOException {
    assertThat(page("docs/configuration.md")).containsPattern("\\s" + option + "[,.]\\s");
  }

  @ParameterizedTest
  @MethodSource("columns")
  void listsEveryColumn(String column) throws IOException {
    assertThat(section("## results.csv")).contains("`" + column + "`");
  }

  @ParameterizedTest
  @EnumSource(Outcome.class)
  void listsEveryOutcome(Outcome outcome) throws IOException {
    assertThat(section("## Outcomes")).contains("| `" + outcome.value() + "` |");
  }

  @ParameterizedTest
  @EnumSource(Cause.class)
  void listsEveryCause(Cause cause) throws IOException {
    assertThat(section("## Outcomes")).contains("| `" + cause.value() + "` |");
  }

  @ParameterizedTest
  @EnumSource(EventType.class)
  void listsEveryKindOfEventWithAnExample(EventType kind) throws IOException {
    assertThat(page("docs/events.md"))
        .contains("| `" + kind.cloudEventType() + "` |")
        .contains("\"type\": \"" + kind.cloudEventType() + "\"");
  }

  @Test
  void listsPackagesInTheOrderOfTheirImports() throws IOException {
    String table =
        page("docs/architecture.md")
            .lines()
            .filter(line -> line.startsWith("| `"))
            .collect(joining("\n"));

    assertThat(table)
        .containsSubsequence(
            ImportDirectionTest.ORDER.stream()
                .filter(name -> !name.isEmpty())
                .map(name -> "`" + name + "`")
                .toList());
  }

  /** Merges add both sides' lines to it, wherever they fall. */
  @Test
  void listsTheChangesOfAReleaseInGroupsOnOnePage() throws IOException {
    String[] sections = page("CHANGELOG.md").split("(?m)^## ");

    assertThat(sections[1]).startsWith("[Unreleased]");
    assertThat(List.of(sections).subList(2, sections.length))
        .isNotEmpty()
        .allSatisfy(release -> assertThat(release.lines()).hasSizeLessThanOrEqualTo(90))
        .allSatisfy(release -> assertThat(release.split("(?m)^### ")[0]).doesNotContain("\n- "));
  }

  static Iterable<String> keys() {
    return ConfigKeys.names();
  }

  static Iterable<String> options() {
    return AiperfOptions.shipped().allowed().keySet();
  }

  static Iterable<String> columns() {
    return ResultsCsv.TRAILING_COLUMNS;
  }

  private static String section(String heading) throws IOException {
    String page = page("docs/results.md");
    int start = page.indexOf(heading + "\n");
    int end = page.indexOf("\n## ", start);
    assertThat(start).isNotNegative();
    return page.substring(start, end < 0 ? page.length() : end);
  }

  private static String page(String name) throws IOException {
    return Files.readString(Path.of(name));
  }
}
