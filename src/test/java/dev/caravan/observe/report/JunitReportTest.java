package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.FailOn;
import dev.caravan.pipeline.outcome.SearchSummary;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The test cases of a search fail when the commands that follow it do. */
class JunitReportTest {

  private static final String ANSWER = "concurrency 1 meets TTFT p99 ≤ 500 ms; 2 does not";

  private SampleTree tree;
  private Batch batch;

  /** A search whose second load failed. */
  @BeforeEach
  void prepare(@TempDir Path folder) throws IOException {
    tree = new SampleTree(folder);
    batch =
        tree.batch(
            FixedRules.BASE
                + "  streaming: true\nslo: {ttft_ms_p99: 500}\nsearch: {concurrency: [1, 2]}\n");
    tree.succeeded(batch.run(0), 100, 50);
    tree.ended(batch.run(7), Outcome.FAILED, "all_requests_failed", "all 9 requests failed");
  }

  @Test
  void runsThatFailOnTheWayToAnAnswerAreNoFailures() throws IOException {
    // when
    String xml = xml(Optional.empty(), true, FailOn.WARNING);

    // then
    assertThat(xml)
        .contains("tests=\"3\" failures=\"0\" skipped=\"0\"")
        .contains("name=\"search\" time=\"0.0\"><system-out>" + ANSWER + "</system-out>")
        .contains("<system-out>failed: all 9 requests failed</system-out>")
        .doesNotContain("<failure");
  }

  @Test
  void failsWithoutAnAnswer() throws IOException {
    // when
    String xml = xml(Optional.of("no answer at concurrency 1: it broke"), true, FailOn.FAILED);

    // then
    assertThat(xml)
        .contains("tests=\"3\" failures=\"1\" skipped=\"0\"")
        .contains("<failure type=\"search\" message=\"no answer at concurrency 1: it broke\"");
  }

  @Test
  void isOpenUntilTheSearchIsOver() throws IOException {
    // when
    String xml = xml(Optional.of("searching, 2 of at most 3 runs"), false, FailOn.FAILED);

    // then
    assertThat(xml)
        .contains("tests=\"3\" failures=\"0\" skipped=\"1\"")
        .contains("<skipped message=\"searching, 2 of at most 3 runs\"");
  }

  private String xml(Optional<String> unanswered, boolean finished, FailOn failOn)
      throws IOException {
    tree.summarise(batch, finished);
    SearchSummary.Answer answer =
        new SearchSummary.Answer(
            "", Map.of(), Optional.of(1L), Optional.of(2L), "precision", ANSWER, List.of());
    SearchSummary search =
        new SearchSummary("concurrency", 0.05, 22, 20, "", "", unanswered, List.of(answer));
    Path summary = batch.folder().resolve("summary.json");
    Files.write(
        summary, BatchSummary.read(summary).orElseThrow().withSearch(Optional.of(search)).json());
    ReportData data = new Reporter(new BatchReader()).overview(List.of(batch.folder()));
    return new String(JunitReport.xml(data, failOn), StandardCharsets.UTF_8);
  }
}
