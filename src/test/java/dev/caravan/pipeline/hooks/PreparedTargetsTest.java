package dev.caravan.pipeline.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.HookRecord;
import dev.caravan.storage.StateFolder;
import org.junit.jupiter.api.Test;

/** When a target is prepared for a variant, and when it is prepared again. */
class PreparedTargetsTest extends HooksTestBase {

  @Test
  void preparesATargetWhereTheVariantChanges() throws Exception {
    // given
    hook(
        "image",
        "sed 's/.*\"event\":\"\\([a-z_]*\\)\".*\"folder\":\"[^\"]*\",\"variant\":"
            + "\"\\([a-z]\\)\".*/\\1 \\2/' >> calls");
    Batch batch = accept(VARIANTS + "hooks: {before_variant: image, before_point: image}");
    // when: also over restarts, and when one is repeated later
    for (int index : new int[] {0, 1, 2, 3, 0}) {
      before(batch.run(index), index == 0 && !lines("calls").isEmpty() ? 2 : 1);
    }
    // then
    assertThat(lines("calls"))
        .containsExactly(
            "before_variant a",
            "before_point a",
            "before_point a",
            "before_variant b",
            "before_point b",
            "before_point b",
            "before_variant a",
            "before_point a");
  }

  @Test
  void preparesATargetAgainThatAnotherBatchHasUsedMeanwhile() throws Exception {
    // given
    hook("image", "echo x >> calls");
    hook("other", "true");
    Batch batch = accept(VARIANTS + "hooks: {before_variant: image}");
    Batch other = accept(TWO + "hooks: {before_point: other}");
    // when
    before(batch.run(0), 1);
    before(other.run(0), 1);
    before(batch.run(1), 1);
    // then
    assertThat(lines("calls")).hasSize(2);
  }

  @Test
  void preparesATargetAgainAfterAFailure() throws Exception {
    // given
    hook("image", "echo x >> calls; exit 1");
    Batch batch = accept(VARIANTS + "hooks: {before_variant: image}");
    // when
    before(batch.run(0), 1);
    before(batch.run(1), 1);
    // then
    assertThat(lines("calls")).hasSize(2);
  }

  @Test
  void preparesAVariantAgainThatWentOnWithoutIt() throws Exception {
    // given
    hook("image", "echo x >> calls; exit 1");
    Batch batch = accept(VARIANTS + "hooks: {before_variant: {run: image, on_failure: continue}}");
    // when: the first is released again
    for (int index : new int[] {0, 0, 1}) {
      assertThat(before(batch.run(index), 1)).isEmpty();
    }
    // then
    assertThat(lines("calls")).hasSize(2);
    for (int index : new int[] {0, 1}) {
      assertThat(HookRecord.of(batch.run(index).folder(), 1).failures()).hasSize(1);
    }
  }

  @Test
  void preparesATargetAgainAfterAReboot() throws Exception {
    // given
    hook("image", "echo x >> calls");
    Batch batch = accept(VARIANTS + "hooks: {before_variant: image}");
    before(batch.run(0), 1);
    // when
    reboot(StateFolder.PREPARED.in(scratch.home));
    // then
    before(batch.run(1), 1);
    assertThat(lines("calls")).hasSize(2);
  }

  @Test
  void preparesATargetAgainThatWasLost() throws Exception {
    // given
    hook("image", "echo x >> calls");
    Run run = accept(VARIANTS + "hooks: {before_variant: image}").run(0);
    before(run, 1);
    // when: the retry is released twice
    for (int release = 0; release < 2; release++) {
      new AttemptHooks(runner()).targetLost(run, 2);
      before(run, 2);
    }
    // then
    assertThat(lines("calls")).hasSize(2);
  }

  @Test
  void doesNotTrustItsMemoryOfATargetThatOtherWorkersPrepareToo() throws Exception {
    // given
    Batch batch = accept(VARIANTS);
    PreparedTargets shared = new PreparedTargets(scratch.home, true, scratch.files);
    // when: run 1 was executed elsewhere, or here
    shared.prepared(batch.run(0));
    // then
    assertThat(shared.isPreparedFor(batch.run(0))).isTrue();
    assertThat(shared.isPreparedFor(batch.run(1))).isTrue();
    shared.prepared(batch.run(2));
    assertThat(shared.isPreparedFor(batch.run(3))).isTrue();
    assertThat(shared.isPreparedFor(batch.run(0))).isFalse();
  }
}
