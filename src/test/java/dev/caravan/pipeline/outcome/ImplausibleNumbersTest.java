package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers in aiperf's files that no run can have. */
class ImplausibleNumbersTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "wedge       ; profile_export_aiperf.json ; \"(avg|p\\d+|max|min|std|sum)\": ?[0-9.eE+-]+",
        "cache       ; server_metrics_export.json ; \"(total|avg|max|p95)\": ?[0-9.eE+-]+",
        "usage       ; profile_export_aiperf.json ; \"(avg)\": ?[0-9.eE+-]+",
        "clean       ; profile_export.jsonl       ; \"(value)\": ?[0-9.eE+-]+",
        "others      ; server_metrics_export.json ; \"(total|avg|max|p95)\": ?[0-9.eE+-]+",
      })
  void areInNoFinding(String name, String file, String numbers) throws IOException {
    for (String number :
        new String[] {"1.7976931348623157e308", "1e300", "-1e300", "1e999", "NaN"}) {
      // given
      RecordedRun run = RecordedRun.of(name, Files.createDirectory(folder.resolve(number)));
      Path damaged = run.folder().resolve(file);
      String text = Files.readString(damaged);
      Files.writeString(damaged, text.replaceAll(numbers, "\"$1\":" + number));
      assertThat(damaged).content().contains(number);
      // then
      EvidenceReader.read(new RunFolder(run.folder()), run.parameters(), Map.of())
          .ifPresent(
              evidence ->
                  assertThat(run.check().findings())
                      .allSatisfy(ImplausibleNumbersTest::isPlausible));
    }
  }

  private static void isPlausible(Finding finding) {
    assertThat(finding.value()).isFinite();
    assertThat(finding.message()).hasSizeLessThan(300).doesNotContain("NaN", "∞");
  }
}
