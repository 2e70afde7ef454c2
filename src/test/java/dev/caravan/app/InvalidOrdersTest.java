package dev.caravan.app;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.storage.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The route of runs keeps what is no order for a run, and goes on. */
class InvalidOrdersTest extends RouteTest {

  @Override
  List<String> files() {
    return RunsRoute.FILES;
  }

  @Override
  List<String> mocked() {
    return List.of();
  }

  @Test
  void keepsInvalidMessagesByteForByteAndContinues() throws Exception {
    // given
    Run run = accept(RunsRoute.CONFIG).run(0);
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
    assertThat(RunsRoute.reports(context, 3))
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
  void continuesAfterAMessageWithoutABody() throws Exception {
    // given
    Run run = accept(RunsRoute.CONFIG).run(0);
    // when
    template.sendBody("seda:runs", null);
    template.sendBody("seda:runs", order(run));
    // then
    assertThat(RunsRoute.reports(context, 1))
        .extracting(RunReport::runId)
        .containsExactly(run.id());
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

  /** Without files that are being written. */
  private List<String> deadLetters() {
    return names(home.dead()).stream().filter(name -> !name.startsWith(".")).toList();
  }

  @Test
  void answersAnOrderWhoseBatchIsGoneSoThatItsTargetIsFreed() throws Exception {
    // given
    Path gone = home.root().resolve("aiperf_results/gone/20260101_000000");
    RunOrder order = RunOrder.execute("gone/20260101_000000/concurrency1", gone.toString(), 0);
    // when
    template.sendBody("seda:runs", Json.text(order));
    // then
    assertThat(RunsRoute.reports(context, 1).get(0).kind()).isEqualTo(Kind.INTERNAL_ERROR);
    assertThat(RunsRoute.reports(context, 1).get(0).message()).contains("no such run");
    await().until(() -> names(home.dead()).size() == 2);
  }
}
