package dev.caravan.pipeline.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.Hook.OnFailure;
import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.HookRecord;
import dev.caravan.pipeline.outcome.HookRun;
import org.junit.jupiter.api.Test;

/** What a run says and does when its hook failed or cannot run. */
class HookFailureTest extends HooksTestBase {

  @Test
  void saysWhyItFailed() throws Exception {
    // given
    hook("reset", "echo cannot reach the cache; exit 3");
    Run run = accept(TWO + "hooks: {before_point: {run: reset, on_failure: stop}}").run(0);
    // when
    AttemptHooks.Failure failure = before(run, 1).orElseThrow();
    // then
    assertThat(failure.onFailure()).isEqualTo(OnFailure.STOP);
    assertThat(failure.run().reason())
        .isEqualTo("hook before_point (reset) failed with exit code 3: cannot reach the cache");
    assertThat(HookRecord.of(run.folder(), 1).hooks())
        .extracting(HookRun::reason)
        .containsExactly(failure.run().reason());
  }

  @Test
  void goesOnWhenAFailureDoesNotMatter() throws Exception {
    // given
    hook("reset", "echo x >> calls; exit 1");
    Run run = accept(TWO + "hooks: {before_point: {run: reset, on_failure: continue}}").run(0);
    // then
    assertThat(before(run, 1)).isEmpty();
    assertThat(before(run, 1)).isEmpty();
    assertThat(lines("calls")).hasSize(1);
    assertThat(HookRecord.of(run.folder(), 1).failures())
        .containsExactly("hook before_point (reset) failed with exit code 1: no output");
  }

  @Test
  void doesNotExecuteWhatAHostCannotPrepare() throws Exception {
    // given
    hook("reset", "true");
    Run run = accept(TWO + "hooks: {before_point: {run: reset, on_failure: continue}}").run(0);
    scratch.properties.clear();
    // when
    AttemptHooks.Failure failure = before(run, 1).orElseThrow();
    // then
    assertThat(failure.onFailure()).isEqualTo(OnFailure.SKIP);
    assertThat(failure.run().reason())
        .startsWith("hook before_point (reset) is not known on ")
        .endsWith(": caravan.hooks.reset would be its command there");
  }

  @Test
  void saysThatAProgramIsMissing() throws Exception {
    // given
    scratch.properties.setProperty("caravan.hooks.reset", "./nowhere.sh --now");
    Run run = accept(TWO + "hooks: {before_point: reset}").run(0);
    // then
    assertThat(before(run, 1).orElseThrow().run().failure())
        .startsWith("did not start: '")
        .endsWith("nowhere.sh' does not exist");
  }
}
