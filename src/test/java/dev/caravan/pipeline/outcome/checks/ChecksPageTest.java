package dev.caravan.pipeline.outcome.checks;

import dev.caravan.testing.MadeSection;
import java.io.IOException;
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

  private static final MadeSection SECTION =
      new MadeSection(Path.of("docs/checks.md"), "ChecksPageTest", "caravan.checks.write");

  @Test
  void thePageDescribesEveryCheck() throws IOException {
    SECTION.assertText(
        Checks.ALL.stream()
            .map(Check::description)
            .map(ChecksPageTest::section)
            .collect(Collectors.joining("\n")));
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
    String direction = thresholds.side().name().toLowerCase(Locale.ROOT).replace('_', ' ');
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
