package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.observe.report.BatchIndex;
import dev.caravan.observe.report.BatchReader;
import dev.caravan.observe.report.NameTrend;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NameRowTest {

  @TempDir private Path folder;

  private SampleTree trees;
  private final List<Path> newestFirst = new ArrayList<>();

  @BeforeEach
  void prepare() throws IOException {
    trees = new SampleTree(folder);
    for (int night = 0; night < 6; night++) {
      night(Outcome.SUCCEEDED, CheckResults.NONE);
    }
  }

  @Test
  void isGoodWithTheNumberOfRequestsOfTheBestPoint() {
    assertThat(row().state()).isEqualTo(NameRow.State.GOOD);
    assertThat(row().at()).isEqualTo("concurrency 2 · n = 1000");
  }

  @Test
  void isNotToBeJudgedWithANewWarningAndNamesIt() throws IOException {
    // when
    night(Outcome.SUCCEEDED, found("cache", Level.WARNING));

    // then
    assertThat(row().state()).isEqualTo(NameRow.State.UNSURE);
    assertThat(row().why())
        .isEqualTo("new warning: cache; not compared: earlier batches have other warnings");
  }

  @Test
  void tellsWhatDisturbedIt() throws IOException {
    // when
    night(Outcome.DEGRADED, found("holes", Level.DEGRADED));

    // then
    assertThat(row().state()).isEqualTo(NameRow.State.UNSURE);
    assertThat(row().why())
        .isEqualTo("1 degraded (holes); not compared: degraded runs are left out");
    assertThat(row().best()).isEqualTo("500 tokens/s");
  }

  private void night(Outcome outcome, CheckResults found) throws IOException {
    Batch batch = trees.batch("nightly", "concurrency: [1, 2]", "");
    trees.succeeded(batch.run(0), 500, 30);
    trees.checked(batch.run(1), outcome, found, 1000, 60);
    trees.summarise(batch, true);
    newestFirst.add(0, batch.folder());
  }

  private static CheckResults found(String id, Level level) {
    return new CheckResults(
        List.of(new Finding(id, level, 61, 5, "61 of 100", "a: b")),
        List.of(id),
        Map.of(),
        Map.of());
  }

  private NameRow row() {
    BatchIndex index = new BatchIndex(folder.resolve("cache/list.json"), new BatchReader());
    return NameRow.of(NameTrend.of("nightly", index.entries(newestFirst)));
  }
}
