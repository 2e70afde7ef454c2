package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.observe.report.Plot.Kind;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that completed without a metric, as when somebody removed their exports. */
class UnmeasuredRunsTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {"concurrency: [1, 2]", "tokenizer: [a, b]", "concurrency: [1], model: [a, b]"})
  void areInAReportWithoutPlotsOfWhatTheyLack(String sweeps) throws IOException {
    // given
    SampleTree tree = new SampleTree(folder);
    Batch one = tree.batch("one", sweeps, "");
    Batch two = tree.batch("two", sweeps, "");
    for (Batch batch : List.of(one, two)) {
      tree.ended(batch.run(0), Outcome.SUCCEEDED, "", "");
      tree.ended(batch.run(1), Outcome.SUCCEEDED, "", "");
    }

    // when
    ReportData data = new Reporter(new BatchReader()).report(List.of(one.folder(), two.folder()));

    // then
    assertThat(data.plots())
        .isNotEmpty()
        .noneMatch(plot -> plot.y().isEmpty() || plot.kind() == Kind.BARS);
    assertThat(new ReportPage().html(data)).contains(one.id(), two.id());
  }
}
