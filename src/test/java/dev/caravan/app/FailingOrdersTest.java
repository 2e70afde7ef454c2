package dev.caravan.app;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.component.exec.ExecCommandExecutor;
import org.junit.jupiter.api.Test;

/** The route of runs answers an order also when its run cannot be executed to its end. */
class FailingOrdersTest extends RouteTest {

  private boolean bug;

  @Override
  List<String> files() {
    return RunsRoute.FILES;
  }

  @Override
  List<String> mocked() {
    return List.of();
  }

  @Override
  void replace(Map<String, Object> byName) {
    ExecCommandExecutor real = (ExecCommandExecutor) byName.get("aiperfExecutor");
    ExecCommandExecutor failing =
        command -> {
          if (bug) {
            throw new IllegalStateException("a bug");
          }
          return real.execute(command);
        };
    byName.put("aiperfExecutor", failing);
  }

  @Test
  void answersAnExceptionInTheStageWithOneReport() throws Exception {
    // given
    Batch batch = accept(RunsRoute.CONFIG + "sweeps: {concurrency: [1, 2]}\n");
    bug = true;
    // when
    template.sendBody("seda:runs", order(batch.run(0)));
    // then
    assertThat(RunsRoute.reports(context, 1))
        .extracting(RunReport::kind)
        .containsExactly(Kind.ENDED);
    assertThat(head(batch.run(0)).status()).isEqualTo(Outcome.FAILED);
    assertThat(head(batch.run(0)).cause()).isEqualTo("internal_error");
    assertThat(head(batch.run(0)).reasons().get(0)).contains("a bug");
    assertThat(names(home.dead()).stream().filter(name -> name.startsWith("message"))).isEmpty();
    bug = false;
    template.sendBody("seda:runs", order(batch.run(1)));
    assertThat(RunsRoute.reports(context, 2)).extracting(RunReport::runIndex).containsExactly(0, 1);
    assertThat(head(batch.run(1)).status()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void answersAnErrorOfAnOrderThatFollowsAnotherError() throws Exception {
    // given: the properties that an order inherits when Camel releases it while handling another
    // error
    Batch batch = accept(RunsRoute.CONFIG + "sweeps: {concurrency: [1, 2]}\n");
    bug = true;
    Deque<String> handling = new ArrayDeque<>(List.of("runs-receive"));
    // when
    template.send(
        "seda:runs",
        exchange -> {
          exchange.getMessage().setBody(order(batch.run(0)));
          exchange.setProperty(ExchangePropertyKey.FATAL_FALLBACK_ERROR_HANDLER, handling);
        });
    // then
    assertThat(RunsRoute.reports(context, 1))
        .extracting(RunReport::kind)
        .containsExactly(Kind.ENDED);
  }

  @Test
  void answersAFullDiskWithOneReport() throws Exception {
    // given
    Batch batch = accept(RunsRoute.CONFIG + "sweeps: {concurrency: [1, 2]}\n");
    Files.writeString(batch.run(0).folder(), "a file where the run's folder should be");
    // when
    template.sendBody("seda:runs", order(batch.run(0)));
    template.sendBody("seda:runs", order(batch.run(1)));
    // then
    assertThat(RunsRoute.reports(context, 2)).extracting(RunReport::runIndex).containsExactly(0, 1);
    assertThat(head(batch.run(1)).status()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void endsARunWhoseBatchIsDeletedAndKeepsNoMessageOfItAndGoesOn() throws Exception {
    // given
    Batch batch =
        accept(
            RunsRoute.CONFIG.replace("fake-ok", "fake-hang") + "sweeps: {concurrency: [1, 2]}\n");
    Run other = accept(RunsRoute.CONFIG).run(0);
    template.sendBody("seda:runs", order(batch.run(0)));
    await().until(() -> Files.exists(batch.run(0).folder().resolve("logs/aiperf.log")));

    // when
    vanish(batch.folder());
    template.sendBody("seda:runs", order(batch.run(1)));
    template.sendBody("seda:runs", order(other));

    // then
    List<RunReport> reports = RunsRoute.reports(context, 3);
    assertThat(reports)
        .extracting(RunReport::kind)
        .containsExactly(Kind.INTERNAL_ERROR, Kind.INTERNAL_ERROR, Kind.ENDED);
    assertThat(reports.get(0).message())
        .isEqualTo("the folder of its batch is gone: " + batch.folder());
    assertThat(names(home.dead())).isEmpty();
    assertThat(batch.folder()).doesNotExist();
  }

  @Test
  void repeatsARunWhoseFolderIsDeletedAndSaysSo() throws Exception {
    // given
    Batch batch =
        accept(
            RunsRoute.CONFIG.replace("fake-ok", "fake-hang") + "sweeps: {concurrency: [1, 2]}\n");
    Path folder = batch.run(0).folder();
    template.sendBody("seda:runs", order(batch.run(0)));
    await().until(() -> Files.exists(folder.resolve("logs/aiperf.log")));

    // when
    vanish(folder);
    // then
    RunReport report = RunsRoute.reports(context, 1).get(0);
    assertThat(report.kind()).isEqualTo(Kind.RETRY);
    assertThat(report.message()).isEqualTo(folder + " was deleted or moved while it ran");
    assertThat(names(home.dead())).isEmpty();
  }

  /** Deletes a folder that is gone at one moment, whatever the run in it writes meanwhile. */
  private void vanish(Path running) throws IOException {
    new DurableFiles().delete(Files.move(running, home.root().resolve("vanishing")));
  }
}
