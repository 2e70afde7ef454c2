package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.pipeline.run.RunReport.Scope;
import dev.caravan.testing.ScriptedLlm;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether the target is ready, by the probe and the completion of a run. */
class PreflightReadinessTest extends PreflightTestBase {

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
  void wastesNoAttemptOnATargetThatIsStillLoading() throws Exception {
    // given
    Run run = acceptUnprobed("model: [fake-refused]").run(0);
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
    RunTask task = task(accept("concurrency: [1]", "").run(0));
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
      RunTask task = task(run);
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
    RunTask task = task(accept("concurrency: [1]", "readiness: {preflight: false}\n").run(0));
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
}
