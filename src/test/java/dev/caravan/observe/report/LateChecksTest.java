package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.pipeline.outcome.RecordedRun;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reports on trees that were recorded without checks. */
class LateChecksTest {

  @TempDir Path folder;

  /** What run_aiperf.py leaves beside aiperf's files. */
  private static void asOfRunAiperf(Path run) throws IOException {
    String parameters = Files.readString(run.resolve("parameters.json"));
    Files.writeString(
        run.resolve("run_metadata.json"),
        """
        {"run_index": 0, "timestamp": "2026-11-24T12:00:00", "config_file": "c.yaml",
         "sweep_params": {"concurrency": 4}, "base_config": %s, "command": []}
        """
            .formatted(parameters));
    Files.writeString(
        run.resolve("process_result.json"),
        "{\"args\": [], \"returncode\": 0, \"stdout\": \"\", \"stderr\": \"\"}");
  }

  private static Point point(BatchReader reader, Path folder) throws IOException {
    return reader.read(folder).points().get(0);
  }

  private static BatchReader checking() {
    return new BatchReader(LateChecks.now());
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.map(file -> file + " " + file.toFile().lastModified()).sorted().toList();
    }
  }

  @Test
  void checksATreeOfRunAiperfAndWritesNothingIntoIt() throws IOException {
    // given
    Path tree = folder.resolve("old");
    asOfRunAiperf(RecordedRun.unpack("cache", tree.resolve("concurrency4")));
    List<String> before = files(tree);

    // when
    Point point = point(checking(), tree);

    // then
    assertThat(point.alarms()).extracting(Finding::id).containsExactly("cache");
    assertThat(point.checks().checked()).contains("errors", "lengths", "load");
    assertThat(point.state()).isEqualTo("succeeded");
    assertThat(files(tree)).isEqualTo(before);
  }

  @Test
  void callsANumberThatMeansNothingInvalidThereToo() throws IOException {
    // given
    asOfRunAiperf(RecordedRun.unpack("blocked", folder.resolve("old/concurrency4")));

    // when
    Point point = point(checking(), folder.resolve("old"));

    // then
    assertThat(point.state()).isEqualTo("invalid");
    assertThat(point.cause()).isEqualTo("replies");
    assertThat(point.completed()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"aiperf_options\": \"x\"",
        "\"aiperf_options\": [1]",
        "\"input_file\": 5",
        "\"model\": {}",
        "\"endpoint_type\": \"odd\"",
        "\"endpoint_type\": 7"
      })
  void asksLittleOfARunWhoseMetadataIsOdd(String odd) throws IOException {
    // given
    Path run = RecordedRun.unpack("silence", folder.resolve("old/run"));
    asOfRunAiperf(run);
    Path metadata = run.resolve("run_metadata.json");
    Files.writeString(
        metadata,
        Files.readString(metadata)
            .replaceFirst("\\}\\s*, \"command\"", ", " + odd + "}, \"command\""));

    // when
    Point point = point(checking(), folder.resolve("old"));

    // then
    assertThat(point.alarms()).extracting(Finding::id).containsExactly("stall");
  }

  @Test
  void asksOnlyWhatTheFilesAllow() throws IOException {
    // given
    RecordedRun.unpack("silence", folder.resolve("plain/run"));

    // when
    Point point = point(checking(), folder.resolve("plain"));

    // then
    assertThat(point.alarms()).extracting(Finding::id).containsExactly("stall");
    assertThat(point.state()).isEqualTo("degraded");
    assertThat(point.checks().checked()).contains("errors", "client").doesNotContain("load");
    assertThat(point.checks().unchecked())
        .containsEntry("load", "the parameters of the run are unknown");
  }

  @Test
  void checksRunsOfACaravanWithoutChecks() throws IOException {
    // given
    SampleTree tree = new SampleTree(folder);
    Batch batch = tree.batch("b", "concurrency: [4]", "");
    tree.succeeded(batch.run(0), 100, 50);
    RecordedRun.unpack("silence", batch.run(0).folder());

    // then
    assertThat(point(checking(), batch.folder()).alarms())
        .extracting(Finding::id)
        .containsExactly("stall");
    assertThat(point(checking(), batch.folder()).reason()).startsWith("stall: ");
    assertThat(point(new BatchReader(), batch.folder()).checks().isPresent()).isFalse();
  }

  @Test
  void checksNoRunWithoutNumbers() throws IOException {
    // given
    asOfRunAiperf(RecordedRun.unpack("cache", folder.resolve("old/run")));
    Files.writeString(folder.resolve("old/run/profile_export_aiperf.json"), "{");

    // when
    Point point = point(checking(), folder.resolve("old"));

    // then
    assertThat(point.state()).isEqualTo("failed");
    assertThat(point.checks().isPresent()).isFalse();
  }
}
