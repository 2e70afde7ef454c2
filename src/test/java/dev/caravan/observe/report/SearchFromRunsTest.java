package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.SearchReading;
import dev.caravan.pipeline.outcome.SearchSummary;
import dev.caravan.storage.BatchFolder;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report of a search whose summary somebody deleted. */
class SearchFromRunsTest {

  @TempDir private Path folder;
  private SampleTree tree;
  private Batch search;

  @BeforeEach
  void prepare() throws IOException {
    tree = new SampleTree(folder);
    search =
        tree.batch(
            "batch_name: s\n"
                + FixedRules.BASE
                + "slo: {request_latency_ms_p99: 500}\nsearch: {concurrency: [1, 64]}\n");
  }

  @Test
  void findsTheAnswerInTheRuns() throws IOException {
    // given
    OptionalInt next = reading().next();
    while (next.isPresent()) {
      Run run = search.run(next.getAsInt());
      long load = ((Number) search.sweep().values(run.index()).get("concurrency")).longValue();
      tree.succeeded(run, 100 * load, load <= 20 ? 40 : 60);
      next = reading().next();
    }
    SearchSummary found = reading().summary();
    assertThat(found.brief()).contains("concurrency");
    tree.summarise(search, true, found);
    BatchData known = new BatchReader().read(search.folder());

    // when
    Files.delete(search.folder().resolve(BatchFolder.SUMMARY));

    // then
    BatchData read = new BatchReader().read(search.folder());
    assertThat(read.search()).hasValue(found);
    assertThat(read.total()).isEqualTo(read.points().size());
    assertThat(SloReport.of(read)).isEqualTo(SloReport.of(known));
  }

  @Test
  void saysNothingBeforeTheFirstRunHasEnded() throws IOException {
    assertThat(new BatchReader().read(search.folder()).search()).isEmpty();
  }

  private SearchReading reading() {
    return SearchFromRuns.read(search, run -> Files.exists(run.folder()))
        .or(
            () ->
                SearchReading.of(
                    search.sweep(), search.config().evaluation().slo(), List.of(), List.of()))
        .orElseThrow();
  }
}
