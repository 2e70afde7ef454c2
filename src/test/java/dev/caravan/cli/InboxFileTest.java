package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.pipeline.accept.InboxSubmission;
import dev.caravan.testing.ScratchHome;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InboxFileTest {

  private static final String CONFIG =
      """
      base_config:
        model: m
        url: http://127.0.0.1:9
        warmup_request_count: 1
        benchmark_duration: 1
        concurrency: 2
      """;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"batch.json", "config.yaml"})
  void findsItsBatchBesideADamagedOne(String damaged) throws Exception {
    // given
    ScratchHome home = new ScratchHome(folder);
    Batch first = home.accept(CONFIG);
    Batch submitted = home.acceptance.accept(home.claim("mine.yaml", CONFIG), home.rules()).batch();
    Files.writeString(first.folder().resolve(damaged), "{");

    // when
    InboxFile file =
        new InboxFile(
            home.home, new InboxSubmission.Submitted("mine.yaml", submitted.folder().getParent()));

    // then
    assertThat(file.batch().orElseThrow().batch().folder()).isEqualTo(submitted.folder());
  }
}
