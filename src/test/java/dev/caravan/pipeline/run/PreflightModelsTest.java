package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.pipeline.run.RunReport.Scope;
import dev.caravan.testing.ScriptedLlm;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether the target serves the model of a run. */
class PreflightModelsTest extends PreflightTestBase {

  private static final String UNKNOWN_MODEL =
      "{\"error\":{\"message\":\"The model `fake-ok` does not exist.\"}}";

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
    stage.scratch.runFolders().setAside(batch.run(0));
    // then
    assertThat(check(batch.run(0)).mayStart()).isTrue();
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
  void endsOnlyItsRunWhenAHookMayMakeTheNextOneFindAnother() throws Exception {
    // given
    stage.scratch.properties.setProperty("caravan.hooks.restart", "true");
    llm.respondWith(404, UNKNOWN_MODEL);
    // when
    RunReport report = report(accept("concurrency: [1]", "hooks: {before_point: restart}").run(0));
    // then
    assertThat(report.cause()).isEqualTo("model_not_served");
    assertThat(report.scope()).isEqualTo(Scope.COMBINATION);
  }
}
