package dev.caravan.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchFolderTest {

  @ParameterizedTest
  @CsvSource({
    "config.yaml, true",
    "batch.json, true",
    "control.json, true",
    "summary.json, true",
    "results.csv, true",
    "lock, true",
    "report.html, true",
    "report.json, true",
    "process_result.json, false",
    "run_metadata.json, false",
    "stdout.log, false",
    "attempts, false",
    "logs, false"
  })
  void tellsTheFilesOfABatchFromThoseOfItsOnlyRun(String name, boolean owned) {
    assertThat(BatchFolder.owns(name)).isEqualTo(owned);
  }
}
