package dev.caravan.pipeline.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.HookEvent;
import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.HookRecord;
import dev.caravan.pipeline.outcome.HookRun;
import dev.caravan.pipeline.outcome.HookRun.Status;
import dev.caravan.storage.RunFolder;
import java.nio.file.Files;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Whether a hook before an attempt runs once or again after restarts, kills and reboots. */
class HookRepeatsTest extends HooksTestBase {

  @Test
  void runsOnceAnAttemptAlsoAfterARestart() throws Exception {
    // given
    hook("reset", "echo x >> calls");
    Run run = accept(TWO + "hooks: {before_point: reset}").run(0);
    // when: released, not ready, released again; then the next attempt
    before(run, 1);
    before(run, 1);
    // then
    assertThat(lines("calls")).hasSize(1);
    before(run, 2);
    assertThat(lines("calls")).hasSize(2);
    assertThat(HookRecord.of(run.folder(), 2).hooks())
        .singleElement()
        .satisfies(hook -> assertThat(hook.exitCode()).hasValue(0))
        .satisfies(hook -> assertThat(hook.status()).isEqualTo(Status.SUCCEEDED))
        .satisfies(hook -> assertThat(hook.endedAt()).isPresent());
  }

  @Test
  void runsAgainWhenCaravanWasKilledMeanwhile() throws Exception {
    // given
    hook("reset", "echo x >> calls");
    Run run = accept(TWO + "hooks: {before_point: reset}").run(0);
    HookRun begun =
        new HookRun(
            HookEvent.BEFORE_POINT.key(),
            "reset",
            Status.RUNNING,
            OffsetDateTime.now().minusMinutes(1),
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            "",
            "hook_before_point.log");
    Files.createDirectories(run.folder());
    Files.write(new RunFolder(run.folder()).hooks(), HookRecord.none(1).with(begun).json());
    // when
    before(run, 1);
    // then
    assertThat(lines("calls")).hasSize(1);
    assertThat(HookRecord.of(run.folder(), 1).hooks())
        .extracting(HookRun::status)
        .containsExactly(Status.RUNNING, Status.SUCCEEDED);
  }

  @Test
  void runsAgainWhenCaravanWasKilledBeforeItsFailureEndedTheRun() throws Exception {
    // given
    hook("reset", "echo x >> calls; exit 1");
    Run run = accept(TWO + "hooks: {before_point: reset}").run(0);
    // when
    before(run, 1);
    // then
    assertThat(before(run, 1)).isPresent();
    assertThat(lines("calls")).hasSize(2);
  }

  @Test
  void runsAgainRatherThanTrustADamagedRecord() throws Exception {
    // given
    hook("reset", "echo x >> calls");
    Run run = accept(TWO + "hooks: {before_point: reset}").run(0);
    before(run, 1);
    Files.writeString(new RunFolder(run.folder()).hooks(), "{\"hooks\": [null, 7]");
    // then
    assertThat(before(run, 1)).isEmpty();
    assertThat(lines("calls")).hasSize(2);
    Files.writeString(
        new RunFolder(run.folder()).hooks(), "{\"schema\": 1, \"attempt\": 1, \"hooks\": [{}]}");
    assertThat(before(run, 1)).isEmpty();
    assertThat(lines("calls")).hasSize(3);
  }

  @Test
  void runsAgainAfterAReboot() throws Exception {
    // given
    hook("reset", "echo x >> calls");
    Run run = accept(TWO + "hooks: {before_point: reset}").run(0);
    before(run, 1);
    // when
    reboot(run.folder());
    before(run, 1);
    before(run, 1);
    // then
    assertThat(lines("calls")).hasSize(2);
  }
}
