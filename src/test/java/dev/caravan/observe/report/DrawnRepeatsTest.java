package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.config.FixedRules;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.FailOn;
import dev.caravan.storage.Json;
import dev.caravan.testing.SampleTree;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrawnRepeatsTest {

  @TempDir private Path folder;

  private SampleTree tree;
  private Batch batch;

  @BeforeEach
  void setUp() throws Exception {
    tree = new SampleTree(folder);
    batch =
        tree.home()
            .accept(
                "batch_name: ab\n"
                    + FixedRules.BASE
                    + """
                    slo: {ttft_ms_p99: 1000}
                    sweeps: {concurrency: [1, 4, 16]}
                    repeat: 3
                    variants: {before: {}, after: {streaming: true}}
                    """);
    for (int index : batch.indexes().toArray()) {
      Run run = batch.run(index);
      boolean isFailed = index == 0;
      if (isFailed) {
        tree.ended(run, Outcome.FAILED, "crashed", "it crashed");
      } else {
        double load = ((Number) run.sweepValues().get("concurrency")).doubleValue();
        double step = run.place().repeat() - 2;
        tree.succeeded(run, 100 * load * (1 + step / 100), 50 + load);
      }
    }
    tree.summarise(batch, true);
  }

  @Test
  void drawsTheMeanOfRepeatsAndVariantsAsSeriesOfTheirOwn() throws Exception {
    // when
    ReportData report = new Reporter(new BatchReader()).report(List.of(batch.folder()));
    BatchData all = report.batches().get(0);
    BatchData drawn = DrawnRepeats.of(all);
    // then
    assertThat(all.keys()).containsExactly("variant", "concurrency", "repeat");
    assertThat(all.points()).hasSize(18);
    assertThat(drawn.keys()).containsExactly("variant", "concurrency");
    assertThat(drawn.points())
        .extracting(Point::values)
        .containsExactly(
            List.of("before", 1L),
            List.of("before", 4L),
            List.of("before", 16L),
            List.of("after", 1L),
            List.of("after", 4L),
            List.of("after", 16L));
    Plot lines =
        report.plots().stream().filter(p -> p.kind() == Plot.Kind.LINES).findFirst().orElseThrow();
    assertThat(lines.series())
        .extracting(Plot.Series::label)
        .containsExactly("variant before", "variant after");
    assertThat(lines.series().get(1).points()).containsExactly(3, 4, 5);
  }

  @Test
  void hasTheMeanAndItsIntervalOverTheRepeatsThatCompleted() throws Exception {
    // when
    List<Point> points = DrawnRepeats.of(new BatchReader().read(batch.folder())).points();
    // then
    Point whole = points.get(1);
    assertThat(whole.metrics().get(ReportMetric.TOKENS).orElseThrow()).isCloseTo(400, within(1e-9));
    assertThat(whole.interval(ReportMetric.TOKENS).get(0)).isCloseTo(390.063, within(0.01));
    Point lacking = points.get(0);
    assertThat(lacking.state()).isEqualTo("succeeded");
    assertThat(lacking.metrics().get(ReportMetric.TOKENS).orElseThrow())
        .isCloseTo(100.5, within(1e-9));
    assertThat(lacking.repeats().orElseThrow().count()).isEqualTo(2);
    assertThat(lacking.repeats().orElseThrow().runs()).isEqualTo(3);
  }

  @Test
  void tellsEveryRunInTablesAndTests() throws Exception {
    // given
    ReportData report = new Reporter(new BatchReader()).report(List.of(batch.folder()));
    // then
    JsonNode json = Json.MAPPER.readTree(ReportJson.of(report)).path("batches").get(0);
    assertThat(json.path("points")).hasSize(18);
    assertThat(json.path("drawn").path("points")).hasSize(6);
    assertThat(json.path("drawn").path("points").get(0).path("counted").asInt()).isEqualTo(2);
    assertThat(json.path("slo").path("highest").toString()).doesNotContain("repeat");
    assertThat(new MarkdownReport(report, List.of()).text())
        .contains("| variant | concurrency | repeat |", "| after | 16 | 3 |");
    String junit = new String(JunitReport.xml(report, FailOn.FAILED), StandardCharsets.UTF_8);
    assertThat(junit.split("<testcase ")).hasSize(19).doesNotHaveDuplicates();
  }

  @Test
  void leavesABatchWithoutRepeatsAsItIs() throws Exception {
    // given
    Batch swept = tree.batch("swept", "concurrency: [1, 2]", "");
    BatchData data = new BatchReader().read(swept.folder());
    // then
    assertThat(DrawnRepeats.of(data)).isSameAs(data);
  }
}
