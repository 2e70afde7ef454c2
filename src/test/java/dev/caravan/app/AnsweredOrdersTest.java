package dev.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.component.exec.ExecBinding;
import org.junit.jupiter.api.Test;

/** The route of runs answers each order with one report. */
class AnsweredOrdersTest extends RouteTest {

  @Override
  List<String> files() {
    return RunsRoute.FILES;
  }

  @Override
  List<String> mocked() {
    return List.of();
  }

  @Test
  void answersEachOrderWithOneReport() throws Exception {
    // given
    Batch batch =
        accept(
            RunsRoute.CONFIG
                + "retry: {attempts: 1}\nsweeps: {model: [fake-ok, fake-exit-3, fake-degraded]}\n");
    // when
    for (int i = 0; i < 3; i++) {
      template.sendBody("seda:runs", order(batch.run(i)));
    }
    // then
    assertThat(RunsRoute.reports(context, 3))
        .extracting(report -> report.runIndex() + " " + report.kind())
        .containsExactly("0 ENDED", "1 ENDED", "2 ENDED");
    assertThat(head(batch.run(0)).status()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(head(batch.run(1)).status()).isEqualTo(Outcome.FAILED);
    assertThat(head(batch.run(2)).status()).isEqualTo(Outcome.DEGRADED);
  }

  @Test
  void answersARedeliveredOrderWithoutRunningItAgain() throws Exception {
    // given
    Run run = accept(RunsRoute.CONFIG).run(0);
    // when
    template.sendBody("seda:runs", order(run));
    template.sendBody("seda:runs", order(run));
    // then
    assertThat(RunsRoute.reports(context, 2)).extracting(RunReport::kind).containsOnly(Kind.ENDED);
    assertThat(run.folder().resolve("attempts")).doesNotExist();
  }

  @Test
  void ignoresHeadersThatNameACommand() throws Exception {
    // given
    Run run = accept(RunsRoute.CONFIG).run(0);
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
    RunsRoute.reports(context, 1);
    assertThat(head(run).status()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(touched).doesNotExist();
    assertThat(run.folder().resolve("process_result.json")).content().contains("fake-ok");
  }

  @Test
  void reportsARunAsStoppedOnShutdown() throws Exception {
    // given
    Run run = accept(RunsRoute.CONFIG.replace("fake-ok", "fake-hang")).run(0);
    template.sendBody("seda:runs", order(run));
    await().until(() -> Files.exists(run.folder().resolve("logs/aiperf.log")));
    // when
    components.stop("told to stop");
    // then
    assertThat(RunsRoute.reports(context, 1))
        .extracting(RunReport::kind)
        .containsExactly(Kind.STOPPED);
    assertThat(head(run).isFinal()).isFalse();
  }
}
