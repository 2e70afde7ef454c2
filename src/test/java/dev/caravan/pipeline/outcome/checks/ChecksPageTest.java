package dev.caravan.pipeline.outcome.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The table in {@code docs/checks.md} is made from the checks. Run with {@code
 * -Dcaravan.checks.write=true} to write it.
 */
class ChecksPageTest {

  private static final Path PAGE = Path.of("docs/checks.md");
  private static final String BEGIN = "<!-- made by ChecksPageTest -->\n";
  private static final String END = "<!-- end -->\n";

  @Test
  void thePageDescribesEveryCheck() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    String made =
        Checks.ALL.stream()
            .map(Check::description)
            .map(ChecksPageTest::section)
            .collect(Collectors.joining("\n"));
    if (Boolean.getBoolean("caravan.checks.write")) {
      Files.writeString(PAGE, page.substring(0, begin) + made + page.substring(end));
    } else {
      assertThat(page.substring(begin, end)).isEqualTo(made);
    }
  }

  private static String section(Description check) {
    return """
        ### %s

        | | |
        |---|---|
        | finds | %s |
        | compares | %s |
        | levels | %s |
        | why | %s |
        | what to do | %s |
        """
        .formatted(
            check.id(),
            cell(check.rule()),
            cell(check.figure()),
            levels(check.thresholds()),
            cell(check.why()),
            cell(check.advice().replace("%s", "N")));
  }

  private static String levels(Thresholds thresholds) {
    String direction = thresholds.isUpper() ? "above" : "below";
    return thresholds.byLevel().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(
            level ->
                level.getKey().name().toLowerCase(Locale.ROOT)
                    + " "
                    + direction
                    + " "
                    + Figures.number(level.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
