package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.pipeline.run.RunReport.Scope;
import dev.caravan.pipeline.target.Readiness;
import dev.caravan.testing.ScratchHome;
import dev.caravan.testing.ScriptedLlm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The checks before the first run of a batch. */
class PreflightTest {

  private static final String UNKNOWN_MODEL =
      "{\"error\":{\"message\":\"The model `fake-ok` does not exist.\"}}";

  @TempDir Path folder;
  private RunStageFixture stage;
  private ScriptedLlm llm;

  @BeforeEach
  void start() throws IOException {
    stage = RunStageFixture.in(folder);
    llm = ScriptedLlm.serving("fake-ok");
  }

  @AfterEach
  void end() throws IOException {
    stage.close();
    llm.close();
  }

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
  void failsTheRunAndEndsTheBatchWhenTheModelIsNotServed() throws Exception {
    // given
    llm.respondWith(404, UNKNOWN_MODEL);
    Run run = accept("concurrency: [1, 2]", "").run(0);
    // when
    RunReport report = report(run);
    // then
    String message =
        "it does not serve the model 'fake-ok': POST /v1/chat/completions returned 404: The model"
            + " `fake-ok` does not exist.";
    assertThat(report.kind()).isEqualTo(Kind.ENDED);
    assertThat(report.scope()).isEqualTo(Scope.BATCH);
    Head head = RunStageFixture.head(run);
    assertThat(head.status()).isEqualTo(Outcome.FAILED);
    assertThat(head.cause()).isEqualTo("model_not_served");
    assertThat(head.reasons()).containsExactly(message);
    assertThat(head.isFinal()).isTrue();
    assertThat(run.folder().resolve("stdout.log")).doesNotExist();
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

  @Test
  void checksAnOverloadedTargetAgain() throws Exception {
    // given
    llm.respondWith(429, "slow down");
    Run run = accept("concurrency: [1]", "").run(0);
    // when
    RunReport report = report(run);
    // then
    assertThat(report.kind()).isEqualTo(Kind.NOT_READY);
    assertThat(report.message())
        .isEqualTo("it is overloaded: POST /v1/chat/completions returned 429: slow down");
    llm.respondWith(200, ScriptedLlm.REPLY);
    assertThat(check(run).mayStart()).isTrue();
    assertThat(llm.completions()).isEqualTo(2);
  }

  @Test
  void isNotReadyWhenTheTargetIsDown() throws Exception {
    // given
    llm.stop();
    // when
    RunReport report = report(accept("concurrency: [1]", "").run(0));
    // then
    assertThat(report.kind()).isEqualTo(Kind.NOT_READY);
    assertThat(report.message()).startsWith("connection refused by 127.0.0.1:");
  }

  @Test
  void startsWhenTheModelIsNotListedButServed() throws Exception {
    try (ScriptedLlm other = ScriptedLlm.serving("alias")) {
      // given
      Run run = accept(other.url(), "concurrency: [1]", "").run(0);
      // then
      assertThat(check(run).mayStart()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"400, 2", "404, 1", "422, 2", "451, 2"})
  void failsWhenAModelIsNotListedAndItsCompletionIsRefusedTwice(int code, int completions)
      throws Exception {
    try (ScriptedLlm other = ScriptedLlm.serving("alias")) {
      // given
      other.respondWith(code, "{\"message\":\"no deployment of model fake-ok does not exist\"}");
      if (code != 404) {
        other.respondWith(code, "{\"message\":\"unbekannt\"}");
      }
      Run run = accept(other.url(), "concurrency: [1]", "").run(0);
      // when
      RunReport report = report(run);
      // then
      assertThat(report.cause()).isEqualTo("model_not_served");
      assertThat(other.completions()).isEqualTo(completions);
    }
  }

  @Test
  void startsWhenARefusedModelIsListed() throws Exception {
    // given
    llm.respondWith(400, "{\"message\":\"unbekannt\"}");
    Run run = accept("concurrency: [1]", "").run(0);
    // then
    assertThat(check(run).mayStart()).isTrue();
    assertThat(llm.completions()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "fake-*", "fake-ok*"})
  void startsWhenARefusedModelMatchesAWildcardOfTheList(String listed) throws Exception {
    try (ScriptedLlm gateway = ScriptedLlm.serving(listed)) {
      // given
      gateway.respondWith(400, "{\"message\":\"unbekannt\"}");
      Run run = accept(gateway.url(), "concurrency: [1]", "").run(0);
      // then
      assertThat(check(run).mayStart()).isTrue();
      assertThat(gateway.completions()).isEqualTo(2);
    }
  }

  @Test
  void checksEachModelOfASweepOnceAndFailsOnlyTheRunsOfABadOne() throws Exception {
    // given
    Batch batch = accept("model: [bad, fake-ok], concurrency: [1, 2]", "");
    llm.respondWith(404, UNKNOWN_MODEL);
    // when
    RunReport first = report(batch.run(0));
    RunReport second = report(batch.run(1));
    llm.respondWith(200, ScriptedLlm.REPLY);
    // then
    assertThat(List.of(first.scope(), second.scope()))
        .containsExactly(Scope.COMBINATION, Scope.COMBINATION);
    assertThat(second.cause()).isEqualTo("model_not_served");
    assertThat(llm.completions()).isEqualTo(1);
    assertThat(check(batch.run(2)).mayStart()).isTrue();
    assertThat(check(batch.run(3)).mayStart()).isTrue();
    assertThat(llm.completions()).isEqualTo(2);
  }

  @Test
  void checksABadCombinationAgainForARetry() throws Exception {
    // given
    Batch batch = accept("model: [bad, fake-ok]", "");
    llm.respondWith(404, UNKNOWN_MODEL);
    report(batch.run(0));
    llm.respondWith(200, ScriptedLlm.REPLY);
    // when
    new RunFolderWriter(
            stage.scratch.files,
            new RunDeadLetters(stage.scratch.home, stage.scratch.files),
            stage.scratch.keys,
            5,
            "")
        .setAside(batch.run(0));
    // then
    assertThat(check(batch.run(0)).mayStart()).isTrue();
  }

  @Test
  void wastesNoAttemptOnATargetThatIsStillLoading() throws Exception {
    // given
    Run run = accept("model: [fake-refused]", "").run(0);
    check(run);
    RunReport lost = stage.execute(run);
    // when
    llm.respondWith(503, "loading");
    RunReport waiting = report(run);
    llm.respondWith(200, ScriptedLlm.REPLY);
    // then
    assertThat(lost.cause()).isEqualTo("target_lost");
    assertThat(waiting.kind()).isEqualTo(Kind.NOT_READY);
    assertThat(check(run).mayStart()).isTrue();
    assertThat(run.folder().resolve("attempts/2")).doesNotExist();
    assertThat(llm.completions()).isEqualTo(3);
  }

  @Test
  void endsTheBatchWhenProbeAndCompletionRefuseTheKey() throws Exception {
    // given
    llm.respondWith(401, "no");
    RunTask task = task(accept("concurrency: [1]", "").run(0), "/v1/models");
    // when
    RunTask checked = stage.preflight.check(stage.probes.response(task, 401, null, null, "no"));
    // then
    assertThat(checked.result().orElseThrow().scope()).isEqualTo(Scope.BATCH);
    assertThat(checked.result().orElseThrow().cause()).isEqualTo("unauthorized");
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 400, 302})
  void startsWhenOnlyTheProbeIsRefused(int code) throws Exception {
    // given
    Batch batch = accept("concurrency: [1, 2]", "");
    for (Run run : List.of(batch.run(0), batch.run(1))) {
      RunTask task = task(run, "/v1/models");
      // when
      RunTask checked = stage.preflight.check(stage.probes.response(task, code, null, null, "no"));
      // then
      assertThat(checked.mayStart()).isTrue();
      assertThat(checked.readiness().orElseThrow().message())
          .startsWith("ready: it serves completions, although it refused the probe: ")
          .contains("GET /v1/models returned " + code);
      stage.runs.report(checked.with(Kind.STOPPED, "only checked"));
    }
    assertThat(llm.completions()).isEqualTo(1);
  }

  @Test
  void holdsOnlyItsBatchWhenTheProbeIsRefusedAndNothingElseIsAsked() throws Exception {
    // given
    RunTask task =
        task(accept("concurrency: [1]", "readiness: {preflight: false}\n").run(0), "/v1/models");
    // when
    RunTask refused = stage.preflight.check(stage.probes.response(task, 403, null, null, "no"));
    RunTask down = stage.preflight.check(stage.probes.response(task, 502, null, null, "no"));
    // then
    assertThat(refused.mayStart()).isFalse();
    assertThat(refused.report().kind()).isEqualTo(Kind.REFUSED);
    assertThat(down.report().kind()).isEqualTo(Kind.NOT_READY);
    assertThat(llm.completions()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "502 | Provider returned empty content",
        "500 | Could not finish the message because max_tokens was reached",
        "400 | Invalid max_output_tokens: expected >= 16",
        "422 | model x: value not available"
      })
  void asksAgainWithTheLengthOfTheRun(int code, String message) throws Exception {
    // given
    llm.respondWithUpTo(8, code, "{\"error\":{\"message\":\"" + message + "\"}}");
    Batch batch =
        accept(
            llm.url(),
            "prompt_output_tokens_mean: [4, 64]",
            "",
            "  aiperf_options: {extra_inputs: {a: b}}\n");
    // when
    RunTask ofShort = check(batch.run(0));
    RunTask ofLong = check(batch.run(1));
    // then
    assertThat(ofShort.mayStart()).isEqualTo(code < 500);
    assertThat(ofLong.mayStart()).isTrue();
    assertThat(llm.bodies.get(3)).contains("\"max_completion_tokens\":64", "\"a\":\"b\"");
    assertThat(check(batch.run(1)).mayStart()).isTrue();
    assertThat(llm.completions()).isEqualTo(4);
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
  void takesAModelThatIsNotListedAndRefusedTwiceForOneThatIsNotServed() throws Exception {
    try (ScriptedLlm other = ScriptedLlm.serving("alias")) {
      // given
      other.respondWith(400, "{\"error\":{\"message\":\"boom\"}}");
      llm.respondWith(400, "{\"error\":{\"message\":\"boom\"}}");
      // when
      RunReport notListed = report(accept(other.url(), "concurrency: [1]", "").run(0));
      RunTask listed = check(accept("concurrency: [1]", "").run(0));
      // then
      assertThat(notListed.cause()).isEqualTo("model_not_served");
      assertThat(other.completions()).isEqualTo(2);
      assertThat(listed.mayStart()).isTrue();
    }
  }

  @Test
  void requestsACompletionBeforeEveryRunIfTheConfigSaysSo() throws Exception {
    // given
    Batch batch =
        accept("concurrency: [1, 2]", "readiness: {completion: true, preflight: false}\n");
    RunTask first = task(batch.run(0));
    // when
    RunTask ready = stage.probes.requestCompletion(first);
    llm.respondWith(503, "loading");
    RunTask notReady = stage.probes.requestCompletion(task(batch.run(1)));
    // then
    assertThat(first.needsProbe()).isFalse();
    assertThat(first.needsCompletion()).isTrue();
    assertThat(first.mayStart()).isFalse();
    assertThat(ready.mayStart()).isTrue();
    assertThat(notReady.mayStart()).isFalse();
    assertThat(notReady.readiness().orElseThrow().message())
        .isEqualTo("it is unavailable: POST /v1/chat/completions returned 503: loading");
    assertThat(llm.requests)
        .containsExactly("POST /v1/chat/completions", "POST /v1/chat/completions");
  }

  @Test
  void probesForTheEndpointAndStatusInTheConfig() throws Exception {
    // given
    String rules = "readiness: {endpoint: /up, status: 204, preflight: false}\n";
    RunTask task = task(accept("concurrency: [1]", rules).run(0));
    // then
    assertThat(task.probeUri()).isEqualTo(llm.url() + "/up");
    assertThat(stage.probes.response(task, 204, null, null, "").mayStart()).isTrue();
    RunTask other = stage.probes.response(task, 200, null, null, "");
    assertThat(other.mayStart()).isFalse();
    assertThat(other.readiness().orElseThrow().message())
        .startsWith("GET /up returned 200 instead of 204; to probe another path");
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
        await().atMost(Duration.ofSeconds(5)).until(report::isDone);
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
        assertThat(stage.runs.cancel(run.id(), "cancelled by a test")).isTrue();
        // then
        assertThat(report.join().outcome()).isEqualTo("cancelled");
        assertThat(second.isClosed()).isFalse();
      }
    }
  }

  @Test
  void takesNoTimeForLaterRuns() throws Exception {
    // given
    Batch batch = accept("concurrency: [1, 2]", "");
    check(batch.run(0));
    RunTask later = task(batch.run(1));
    long start = System.nanoTime();
    // when
    for (int i = 0; i < 1_000; i++) {
      stage.preflight.check(later);
    }
    // then
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    assertThat(llm.completions()).isEqualTo(1);
  }

  private Batch accept(String sweeps, String sections) throws Exception {
    return accept(llm.url(), sweeps, sections);
  }

  private Batch accept(String url, String sweeps, String sections) throws Exception {
    return accept(url, sweeps, sections, "");
  }

  private Batch accept(String url, String sweeps, String sections, String keys) throws Exception {
    return stage.accept(
        RunStageFixture.BASE.replace("http://127.0.0.1:9", url)
            + "  api_key_env_var: SET_API_KEY\n"
            + keys
            + "sweeps: {"
            + sweeps
            + "}\n"
            + sections);
  }

  private RunTask task(Run run) throws Exception {
    return stage.runs.take(RunStageFixture.order(run).json());
  }

  /** Like {@link #task(Run)}, with a probe at this path. */
  private RunTask task(Run run, String path) throws Exception {
    RunTask task = task(run);
    return new RunTask(
        task.order(),
        task.run(),
        Optional.of(URI.create(llm.url() + path)),
        task.readiness(),
        task.result());
  }

  private RunTask check(Run run) throws Exception {
    RunTask checked = stage.preflight.check(task(run));
    stage.runs.report(
        checked.result().isPresent() ? checked : checked.with(Kind.STOPPED, "only checked"));
    return checked;
  }

  private RunReport report(Run run) throws Exception {
    return RunReport.of(stage.runs.report(stage.preflight.check(task(run))));
  }

  private RunReport reportNow(Run run) {
    try {
      return report(run);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
