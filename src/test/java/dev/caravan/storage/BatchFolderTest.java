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
    "groups.csv, true",
    ".groups.csv.8d7a2a4e-2f0e-4b3f-9d9c-3a5e8e0f6f11.tmp, true",
    "lock, true",
    "report.html, true",
    "report.json, true",
    ".summary.json.8d7a2a4e-2f0e-4b3f-9d9c-3a5e8e0f6f11.tmp, true",
    ".control.json.8d7a2a4e-2f0e-4b3f-9d9c-3a5e8e0f6f11.tmp, true",
    ".write-check, true",
    "..write-check.8d7a2a4e-2f0e-4b3f-9d9c-3a5e8e0f6f11.tmp, true",
    ".process_result.json.8d7a2a4e-2f0e-4b3f-9d9c-3a5e8e0f6f11.tmp, false",
    ".summary.json.tmp, false",
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
