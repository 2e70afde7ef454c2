package dev.caravan.app;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.component.exec.ExecBinding;
import org.apache.camel.component.exec.ExecCommandExecutor;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.Test;

class RunsRouteTest extends RouteTest {

  static final String CONFIG =
      """
      readiness: {preflight: false}
      base_config:
        model: fake-ok
        url: http://127.0.0.1:9
        health_check_endpoint: none
        warmup_request_count: 1
        benchmark_duration: 1
        concurrency: 2
      """;

  private boolean bug;

  @Override
  List<String> files() {
    return List.of("runs", "probe", "dead-letters");
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
  void answersEachOrderWithOneReport() throws Exception {
    // given
    Batch batch =
        accept(
            CONFIG
                + "retry: {attempts: 1}\nsweeps: {model: [fake-ok, fake-exit-3, fake-degraded]}\n");
    // when
    for (int i = 0; i < 3; i++) {
      template.sendBody("seda:runs", order(batch.run(i)));
    }
    // then
    assertThat(reports(3))
        .extracting(report -> report.runIndex() + " " + report.kind())
        .containsExactly("0 ENDED", "1 ENDED", "2 ENDED");
    assertThat(head(batch.run(0)).status()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(head(batch.run(1)).status()).isEqualTo(Outcome.FAILED);
    assertThat(head(batch.run(2)).status()).isEqualTo(Outcome.DEGRADED);
  }

  @Test
  void answersARedeliveredOrderWithoutRunningItAgain() throws Exception {
    // given
    Run run = accept(CONFIG).run(0);
    // when
    template.sendBody("seda:runs", order(run));
    template.sendBody("seda:runs", order(run));
    // then
    assertThat(reports(2)).extracting(RunReport::kind).containsOnly(Kind.ENDED);
    assertThat(run.folder().resolve("attempts")).doesNotExist();
  }

  @Test
  void keepsInvalidMessagesByteForByteAndContinues() throws Exception {
    // given
    Run run = accept(CONFIG).run(0);
    List<String> poison =
        List.of(
            "not json",
            "{\"schema\": 1}",
            "null",
            "\"null\"",
            "[]",
            "{\"schema\": 1, \"run_id\": [], \"batch_folder\": \"/etc\", \"run_index\": 0}",
            "{\"x\": ".repeat(2_000) + "1" + "}".repeat(2_000),
            "{\"schema\": 1, \"run_id\": \"" + "x".repeat(21_000_000) + "\"}",
            "${body} {{caravan.home}} 'x', \"y\" ü\n",
            "{\"schema\": 1, \"run_id\": \"x\", \"batch_folder\": \"/etc\", \"run_index\": 0}",
            "{\"schema\": 1, \"run_id\": \"x\", \"batch_folder\": \"\\u0000\", \"run_index\": 0}",
            "");
    // when
    poison.forEach(message -> template.sendBody("seda:runs", message));
    template.sendBody("seda:runs", order(run));
    // then
    assertThat(reports(3))
        .extracting(report -> report.runId() + " " + report.kind())
        .as("an order that can be read is answered, too")
        .containsExactlyInAnyOrder("x INTERNAL_ERROR", "x INTERNAL_ERROR", run.id() + " ENDED");
    List<String> kept = new ArrayList<>();
    for (String name : names(home.dead())) {
      if (!name.endsWith(".cause.txt")) {
        kept.add(Files.readString(home.dead().resolve(name)));
        assertThat(home.dead().resolve(name + ".cause.txt"))
            .content()
            .containsAnyOf(
                "Invalid", "Json", "Mismatched", "Instantiation", "Constraints", "is null");
      }
    }
    assertThat(kept).containsExactlyInAnyOrderElementsOf(poison);
  }

  @Test
  void answersAnOrderWhoseBatchIsGoneSoThatItsTargetIsFreed() throws Exception {
    // given
    Path gone = home.root().resolve("aiperf_results/gone/20260101_000000");
    RunOrder order = RunOrder.execute("gone/20260101_000000/concurrency1", gone.toString(), 0);
    // when
    template.sendBody("seda:runs", Json.text(order));
    // then
    assertThat(reports(1).get(0).kind()).isEqualTo(Kind.INTERNAL_ERROR);
    assertThat(reports(1).get(0).message()).contains("no such run");
    await().until(() -> names(home.dead()).size() == 2);
  }

  @Test
  void endsARunWhoseBatchIsDeletedAndKeepsNoMessageOfItAndGoesOn() throws Exception {
    // given
    Batch batch =
        accept(CONFIG.replace("fake-ok", "fake-hang") + "sweeps: {concurrency: [1, 2]}\n");
    Run other = accept(CONFIG).run(0);
    template.sendBody("seda:runs", order(batch.run(0)));
    await().until(() -> Files.exists(batch.run(0).folder().resolve("logs/aiperf.log")));

    // when
    vanish(batch.folder());
    template.sendBody("seda:runs", order(batch.run(1)));
    template.sendBody("seda:runs", order(other));

    // then
    List<RunReport> reports = reports(3);
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
        accept(CONFIG.replace("fake-ok", "fake-hang") + "sweeps: {concurrency: [1, 2]}\n");
    Path folder = batch.run(0).folder();
    template.sendBody("seda:runs", order(batch.run(0)));
    await().until(() -> Files.exists(folder.resolve("logs/aiperf.log")));

    // when
    vanish(folder);
    // then
    RunReport report = reports(1).get(0);
    assertThat(report.kind()).isEqualTo(Kind.RETRY);
    assertThat(report.message()).isEqualTo(folder + " was deleted or moved while it ran");
    assertThat(names(home.dead())).isEmpty();
  }

  @Test
  void continuesAfterAMessageWithoutABody() throws Exception {
    // given
    Run run = accept(CONFIG).run(0);
    // when
    template.sendBody("seda:runs", null);
    template.sendBody("seda:runs", order(run));
    // then
    assertThat(reports(1)).extracting(RunReport::runId).containsExactly(run.id());
    assertThat(names(home.dead())).hasSize(2);
  }

  @Test
  void keepsABytesMessageUnchanged() throws Exception {
    // when
    template.sendBody("seda:runs", new byte[] {'b', 'y', 't', 'e', 's'});
    // then
    await().until(() -> deadLetters().size() == 2);
    assertThat(home.dead().resolve(deadLetters().get(0))).hasContent("bytes");
  }

  @Test
  void answersAnExceptionInTheStageWithOneReport() throws Exception {
    // given
    Batch batch = accept(CONFIG + "sweeps: {concurrency: [1, 2]}\n");
    bug = true;
    // when
    template.sendBody("seda:runs", order(batch.run(0)));
    // then
    assertThat(reports(1)).extracting(RunReport::kind).containsExactly(Kind.ENDED);
    assertThat(head(batch.run(0)).status()).isEqualTo(Outcome.FAILED);
    assertThat(head(batch.run(0)).cause()).isEqualTo("internal_error");
    assertThat(head(batch.run(0)).reasons().get(0)).contains("a bug");
    assertThat(names(home.dead()).stream().filter(name -> name.startsWith("message"))).isEmpty();
    bug = false;
    template.sendBody("seda:runs", order(batch.run(1)));
    assertThat(reports(2)).extracting(RunReport::runIndex).containsExactly(0, 1);
    assertThat(head(batch.run(1)).status()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void answersAnErrorOfAnOrderThatFollowsAnotherError() throws Exception {
    // given: the properties that an order inherits when Camel releases it while handling another
    // error
    Batch batch = accept(CONFIG + "sweeps: {concurrency: [1, 2]}\n");
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
    assertThat(reports(1)).extracting(RunReport::kind).containsExactly(Kind.ENDED);
  }

  @Test
  void answersAFullDiskWithOneReport() throws Exception {
    // given
    Batch batch = accept(CONFIG + "sweeps: {concurrency: [1, 2]}\n");
    Files.writeString(batch.run(0).folder(), "a file where the run's folder should be");
    // when
    template.sendBody("seda:runs", order(batch.run(0)));
    template.sendBody("seda:runs", order(batch.run(1)));
    // then
    assertThat(reports(2)).extracting(RunReport::runIndex).containsExactly(0, 1);
    assertThat(head(batch.run(1)).status()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void ignoresHeadersThatNameACommand() throws Exception {
    // given
    Run run = accept(CONFIG).run(0);
    Path touched = home.root().resolve("touched");
    Map<String, Object> headers = new HashMap<>();
    headers.put(ExecBinding.EXEC_COMMAND_EXECUTABLE, "/bin/touch");
    headers.put(ExecBinding.EXEC_COMMAND_ARGS, List.of(touched.toString()));
    headers.put(ExecBinding.EXEC_COMMAND_WORKING_DIR, "/");
    headers.put(ExecBinding.EXEC_COMMAND_TIMEOUT, 1L);
    headers.put(ExecBinding.EXEC_COMMAND_OUT_FILE, touched.toString());
    headers.put("CAmelExecCommandExecutable", "/bin/touch");
    headers.put("CamelBeanMethodName", "stop");
    // when
    template.sendBodyAndHeaders("seda:runs", order(run), headers);
    // then
    reports(1);
    assertThat(head(run).status()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(touched).doesNotExist();
    assertThat(run.folder().resolve("process_result.json")).content().contains("fake-ok");
  }

  @Test
  void reportsARunAsStoppedOnShutdown() throws Exception {
    // given
    Run run = accept(CONFIG.replace("fake-ok", "fake-hang")).run(0);
    template.sendBody("seda:runs", order(run));
    await().until(() -> Files.exists(run.folder().resolve("logs/aiperf.log")));
    // when
    components.stop("told to stop");
    // then
    assertThat(reports(1)).extracting(RunReport::kind).containsExactly(Kind.STOPPED);
    assertThat(head(run).isFinal()).isFalse();
  }

  /** Without files that are being written. */
  private List<String> deadLetters() {
    return names(home.dead()).stream().filter(name -> !name.startsWith(".")).toList();
  }

  /** Deletes a folder that is gone at one moment, whatever the run in it writes meanwhile. */
  private void vanish(Path running) throws IOException {
    new DurableFiles().delete(Files.move(running, home.root().resolve("vanishing")));
  }

  /** Waits for this many reports, and that no further one follows. */
  private List<RunReport> reports(int count) {
    MockEndpoint recorded = getMockEndpoint("mock:recorded");
    await().until(() -> recorded.getReceivedCounter() >= count);
    await().during(Duration.ofMillis(150)).until(() -> recorded.getReceivedCounter() == count);
    return recorded.getExchanges().stream()
        .map(exchange -> body(exchange, RunReport.class))
        .toList();
  }
}
