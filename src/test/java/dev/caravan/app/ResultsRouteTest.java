package dev.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.storage.Json;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.Test;

class ResultsRouteTest extends RouteTest {

  private static final String RECORDED = "seda:recorded";
  private static final String REFRESH = "direct:refresh";

  private Batch batch;
  private boolean broken;

  @Override
  List<String> files() {
    return List.of("results");
  }

  @Override
  List<String> mocked() {
    return List.of("dispatch-release");
  }

  @Override
  void replace(Map<String, Object> byName) {
    byName.put("recorder", new Recorder());
  }

  /** The real recorder, which the test can make fail. */
  public final class Recorder {
    public void record(RunReport report) {
      if (broken) {
        throw new IllegalStateException("a bug");
      }
      components.recorder().record(report);
    }

    public void refresh() {
      components.recorder().refresh();
    }
  }

  @Override
  Map<String, String> queues() {
    return Map.of("caravan.queue.recorded", RECORDED + "?pollTimeout=20");
  }

  @Override
  Map<String, String> replacedConsumers() {
    return Map.of("results-refresh", REFRESH);
  }

  @Override
  void before() throws Exception {
    batch = accept(RunsRoute.CONFIG + "sweeps: {concurrency: [1, 2]}\n");
    components.dispatch().open(batch);
    assertThat(components.dispatch().release()).hasSize(1);
  }

  @Test
  void releasesTheNextRunBeforeAnySummaryIsWritten() throws Exception {
    // given
    List<RunOrder> released = new ArrayList<>();
    List<Boolean> written = new ArrayList<>();
    release()
        .whenAnyExchangeReceived(
            exchange -> {
              released.addAll(components.dispatch().release());
              written.add(Files.exists(batch.folder().resolve("summary.json")));
            });
    // when
    ended(batch.run(0));
    await().until(() -> released.size() == 1);
    ended(batch.run(1));
    await().until(() -> written.size() == 2);
    // then
    assertThat(written).containsExactly(false, true);
    await().until(() -> summary().finishedAt().isPresent());
    assertThat(summary().counters().ended()).isEqualTo(2);
  }

  @Test
  void freesTheTargetOfARunThatCannotBeRecorded() throws Exception {
    // given
    broken = true;
    // when
    ended(batch.run(0));
    // then
    await().until(() -> !components.dispatch().release().isEmpty());
  }

  @Test
  void rewritesTheSummaryOfAnUnfinishedBatchAtIntervals() throws Exception {
    // given
    ended(batch.run(0));
    await().until(() -> release().getReceivedCounter() == 1);
    await()
        .untilAsserted(
            () -> {
              // when
              template.sendBody(REFRESH, "");
              // then
              assertThat(batch.folder().resolve("summary.json")).exists();
            });
    assertThat(summary().finishedAt()).isEmpty();
    assertThat(summary().counters().ended()).isEqualTo(1);
  }

  @Test
  void continuesAfterAMessageThatIsNotAReport() throws Exception {
    // when
    template.sendBody(RECORDED, "no report");
    template.sendBody(RECORDED, null);
    template.sendBody(RECORDED, "{\"schema\": 1, \"kind\": \"ENDED\"}");
    ended(batch.run(0));
    // then
    await().until(() -> release().getReceivedCounter() == 1);
  }

  private void ended(Run run) throws Exception {
    RunOrder order = Json.read(order(run), RunOrder.class);
    components.runs().internalError(order, new IllegalStateException("for this test"));
    template.sendBody(RECORDED, Json.text(RunReport.on(order, Kind.ENDED, "")));
  }

  private MockEndpoint release() {
    return getMockEndpoint("mock:dispatch-release");
  }

  private BatchSummary summary() {
    return BatchSummary.read(batch.folder().resolve("summary.json")).orElseThrow();
  }
}
