package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.pipeline.target.Readiness;
import dev.caravan.testing.ScratchHome;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The checks before the first run of a batch. */
class PreflightTest extends PreflightTestBase {

  @Test
  void requestsOneCompletionForAllRunsOfABatch() throws Exception {
    // given
    Batch batch = accept("concurrency: [1, 2, 3]", "");
    // when
    for (int i = 0; i < 3; i++) {
      assertThat(check(batch.run(i)).mayStart()).isTrue();
    }
    // then
    assertThat(llm.requests).containsExactly("GET /v1/models", "POST /v1/chat/completions");
    assertThat(llm.authorizations).containsExactly("Bearer " + ScratchHome.KEY);
    assertThat(llm.bodies.get(0)).contains("\"model\":\"fake-ok\"", "\"max_completion_tokens\":1");
  }

  @Test
  void requestsTheCompletionWithTheHeadersOfTheRun() throws Exception {
    // given
    String keys = "  aiperf_options: {header: {Authorization: Basic c2VjcmV0}}\n";
    String config = RunStageFixture.BASE.replace("http://127.0.0.1:9", llm.url()) + keys;
    // when
    check(stage.accept(config).run(0));
    // then
    assertThat(llm.authorizations).containsExactly("Basic c2VjcmV0");
  }

  @Test
  void requestsNothingButCompletionsIfTheConfigProbesNothing() throws Exception {
    // given
    List<Batch> batches =
        List.of(
            acceptUnprobed("concurrency: [1]"),
            accept("concurrency: [1]", "readiness: {endpoint: none}\n"));
    // when
    for (Batch batch : batches) {
      assertThat(check(batch.run(0)).mayStart()).isTrue();
    }
    // then
    assertThat(llm.requests).hasSize(2).containsOnly("POST /v1/chat/completions");
  }

  @Test
  void requestsOneCompletionForABatchWhoseRunsAreInDifferentFolders() throws Exception {
    // given
    Batch batch = accept("concurrency: [1, 2]", "");
    Path other = Files.createDirectory(batch.folder().resolveSibling("other"));
    for (String file : List.of("config.yaml", "batch.json")) {
      Files.copy(batch.folder().resolve(file), other.resolve(file));
    }
    // when
    check(batch.run(0));
    check(stage.scratch.batches.load(other).run(1));
    // then
    assertThat(llm.completions()).isEqualTo(1);
  }

  @Test
  void checksAgainForTheNextBatch() throws Exception {
    // when
    check(accept("concurrency: [1]", "").run(0));
    check(accept("concurrency: [1]", "").run(0));
    // then
    assertThat(llm.completions()).isEqualTo(2);
  }

  @Test
  void checksNothingIfTheConfigTurnsItOff() throws Exception {
    // given
    Run run = accept("concurrency: [1]", "readiness: {preflight: false}\n").run(0);
    // then
    assertThat(check(run).mayStart()).isTrue();
    assertThat(llm.requests).isEmpty();
  }

  @Test
  void masksAKeyThatTheTargetEchoes() throws Exception {
    // given
    llm.respondWith(401, "{\"error\":\"no such key: " + ScratchHome.KEY + "\"}");
    // when
    RunReport report = report(accept("concurrency: [1]", "").run(0));
    // then
    assertThat(report.cause()).isEqualTo("unauthorized");
    assertThat(report.message())
        .isEqualTo(
            "it rejected the key in $SET_API_KEY: POST /v1/chat/completions returned 401: no such key: <key>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"embeddings", "nim_rankings", "image_generation"})
  void requestsNoCompletionOfAnEndpointThatHasNone(String type) throws Exception {
    // given
    llm.respondWith(500, "no such body");
    Run run = accept(llm.url(), "concurrency: [1]", "", "  endpoint_type: " + type + "\n").run(0);
    // when
    Readiness found =
        stage.probes.readinessToStart(run.parameters(), run.batch().config().readiness());
    // then
    assertThat(found.ready()).isTrue();
    assertThat(llm.completions()).isZero();
  }

  @Test
  void endsPromptlyWhenCaravanStops() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      // given
      Run run = accept("http://127.0.0.1:" + silent.getLocalPort(), "concurrency: [1]", "").run(0);
      CompletableFuture<RunReport> report = CompletableFuture.supplyAsync(() -> reportNow(run));
      silent.accept().close(); // the request for the list of models
      try (var second = silent.accept()) {
        // when
        stage.runs.stop("stopped by a test");
        await().atMost(Duration.ofSeconds(30)).until(report::isDone);
        // then
        assertThat(second.isClosed()).isFalse();
        assertThat(report.join().kind()).isEqualTo(Kind.STOPPED);
        assertThat(report.join().message()).isEqualTo("stopped by a test");
        assertThat(run.folder().resolve("process_result.json")).doesNotExist();
      }
    }
  }

  @Test
  void cancelsARunDuringItsPreflight() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      // given
      Run run = accept("http://127.0.0.1:" + silent.getLocalPort(), "concurrency: [1]", "").run(0);
      CompletableFuture<RunReport> report = CompletableFuture.supplyAsync(() -> reportNow(run));
      silent.accept().close();
      try (var second = silent.accept()) {
        // when
        assertThat(stage.runs.cancel(RunStageFixture.order(run), "cancelled by a test")).isTrue();
        // then
        assertThat(report.join().outcome()).isEqualTo("cancelled");
        assertThat(second.isClosed()).isFalse();
      }
    }
  }

  @Test
  void asksTheServiceOnceForAllRunsOfABatch() throws Exception {
    // given
    Batch batch = accept("concurrency: [1, 2]", "");
    check(batch.run(0));
    RunTask later = ready(batch.run(1));
    // when
    for (int i = 0; i < 3; i++) {
      stage.preflight.check(later);
    }
    // then
    assertThat(llm.completions()).isEqualTo(1);
  }
}
