package dev.caravan.pipeline.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.config.Hook.OnFailure;
import dev.caravan.config.HookEvent;
import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.HookRecord;
import dev.caravan.pipeline.outcome.HookRun;
import dev.caravan.pipeline.outcome.HookRun.Status;
import dev.caravan.pipeline.process.StopSignal;
import dev.caravan.storage.Json;
import dev.caravan.storage.RunFolder;
import dev.caravan.storage.StateFolder;
import dev.caravan.testing.ProcFs;
import dev.caravan.testing.ScratchHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class AttemptHooksTest extends HooksTestBase {

  private static final String TWO = "sweeps: {concurrency: [1, 2]}\n";
  private static final String VARIANTS = "variants: {a: {}, b: {}}\n" + TWO;

  private Optional<AttemptHooks.Failure> before(Run run, int attempt) throws Exception {
    return new AttemptHooks(runner()).before(run, attempt, new StopSignal());
  }

  private static List<HookRun> recorded(Run run) {
    return HookRecord.of(run.folder(), 1).hooks();
  }

  private String log(Run run, String event) throws Exception {
    return Files.readString(run.folder().resolve("hook_" + event + ".log"));
  }

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
    assertThat(recorded(run))
        .extracting(HookRun::status)
        .containsExactly(Status.RUNNING, Status.SUCCEEDED);
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
  void givesItTheRunAsJsonInTheHomeAndNoKey() throws Exception {
    // given
    hook("reset", "cat > input; pwd > cwd; env > environment");
    Batch batch =
        scratch.accept(
            BASE + "  api_key_env_var: SET_API_KEY\n" + VARIANTS + "hooks: {before_point: reset}");
    scratch.properties.setProperty("caravan.hooks.environment", "SET_API_KEY");
    // when
    before(batch.run(0), 1);
    before(batch.run(1), 1);
    // then
    JsonNode input = Json.MAPPER.readTree(lines("input").get(0));
    assertThat(input.path("event").asText()).isEqualTo("before_point");
    assertThat(input.path("batch").asText()).isEqualTo(batch.id());
    assertThat(input.path("variant").asText()).isEqualTo("a");
    assertThat(input.path("point").asText()).isEqualTo("concurrency2");
    assertThat(input.path("repeat").asInt()).isEqualTo(1);
    assertThat(input.path("attempt").asInt()).isEqualTo(1);
    assertThat(input.path("url").asText()).isEqualTo("http://127.0.0.1:9");
    assertThat(input.path("previous").path("point").asText()).isEqualTo("concurrency1");
    assertThat(lines("cwd")).containsExactly(scratch.home.root().toString());
    assertThat(String.join("\n", lines("environment")))
        .contains("PATH=")
        .doesNotContain(ScratchHome.KEY)
        .doesNotContain("SET_API_KEY");
  }

  @Test
  void keepsTheOutputWithoutTheKey() throws Exception {
    // given
    hook("reset", "echo done; echo key " + ScratchHome.KEY + " >&2");
    Run run =
        scratch
            .accept(
                BASE + "  api_key_env_var: SET_API_KEY\n" + TWO + "hooks: {before_point: reset}")
            .run(0);
    // when
    before(run, 1);
    // then
    assertThat(log(run, "before_point")).isEqualTo("done\nkey ********\n");
  }

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
    assertThat(recorded(run)).extracting(HookRun::reason).containsExactly(failure.run().reason());
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
  void endsItsProcessTreeAtItsLimit() throws Exception {
    // given
    hook("reset", "sleep 600 & echo $! > pid; wait");
    scratch.properties.setProperty("caravan.hooks.limit", "400ms");
    Run run = accept(TWO + "hooks: {before_point: reset}").run(0);
    // when
    AttemptHooks.Failure failure = before(run, 1).orElseThrow();
    // then
    assertThat(failure.run().failure()).isEqualTo("exceeded its limit of 400ms and was ended");
    assertThat(failure.run().exitCode()).isEmpty();
    assertThat(ProcFs.isAlive(Long.parseLong(lines("pid").get(0)))).isFalse();
  }

  @Test
  void endsItsProcessTreeWhenItIsStopped() throws Exception {
    // given
    hook("reset", "sleep 600 & echo $! > pid; wait");
    Run run = accept(TWO + "hooks: {before_point: reset}").run(0);
    StopSignal stop = new StopSignal();
    Thread stopper =
        new Thread(
            () -> {
              await().until(() -> !lines("pid").isEmpty());
              stop.stop("cancelled by ann");
            });
    stopper.start();
    // when
    AttemptHooks.Failure failure = new AttemptHooks(runner()).before(run, 1, stop).orElseThrow();
    // then: it is repeated when the run is
    assertThat(failure.isStop()).isTrue();
    assertThat(ProcFs.isAlive(Long.parseLong(lines("pid").get(0)))).isFalse();
    assertThat(new AttemptHooks(runner()).due(run, 1)).containsExactly(HookEvent.BEFORE_POINT);
  }

  @Test
  void leavesAServerRunningThatHasASessionOfItsOwn() throws Exception {
    // given
    hook("restart", "setsid sleep 600 & echo $! > server; sleep 600 & echo $! > other");
    Run run = accept(TWO + "hooks: {before_point: restart}").run(0);
    // when
    before(run, 1);
    // then
    Optional<ProcessHandle> server = ProcessHandle.of(Long.parseLong(lines("server").get(0)));
    try {
      assertThat(server).isPresent();
      assertThat(ProcFs.isAlive(Long.parseLong(lines("other").get(0)))).isFalse();
    } finally {
      server.ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  @Test
  void leavesAServerThatBeginsItsSessionOnlyAfterTheHookHasEnded() throws Exception {
    // given
    hook("restart", "sh -c 'sleep 0.5; exec setsid sleep 600' & echo $! > server");
    Run run = accept(TWO + "hooks: {before_point: restart}").run(0);
    // when
    before(run, 1);
    // then
    long server = Long.parseLong(lines("server").get(0));
    try {
      assertThat(ProcFs.isAlive(server)).isTrue();
    } finally {
      ProcessHandle.of(server).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

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

  @Test
  void keepsTheEndOfALongOutputFromTheStartOfALine() throws Exception {
    // given
    hook("reset", "yes 0123456789 | head -c 3000000");
    Run run = accept(TWO + "hooks: {before_point: reset}").run(0);
    // when
    before(run, 1);
    // then
    assertThat(log(run, "before_point"))
        .startsWith("[the beginning of the output is left out]\n0123456789\n")
        .hasSizeLessThan(1_100_000);
  }

  @Test
  void leavesNoTemporaryFilesBehind() throws Exception {
    // given
    hook("reset", "true");
    Run run = accept(TWO + "hooks: {before_point: reset}").run(0);
    String mine = "cv-" + ProcessHandle.current().pid() + "-";
    // when
    before(run, 1);
    // then
    await()
        .until(
            () ->
                ScratchHome.names(Path.of(System.getProperty("java.io.tmpdir"))).stream()
                    .noneMatch(name -> name.startsWith(mine)));
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
  void keepsNoHalfOfAKeyOfALineWithoutEnd() throws Exception {
    // given: a key across the byte from which the output is kept
    hook("reset", "printf '%s' " + ScratchHome.KEY + "; head -c 1048570 /dev/zero | tr '\\0' x");
    Run run =
        scratch
            .accept(
                BASE + "  api_key_env_var: SET_API_KEY\n" + TWO + "hooks: {before_point: reset}")
            .run(0);
    // when
    before(run, 1);
    // then
    assertThat(log(run, "before_point")).endsWith("xxx").doesNotContain("789");
  }
}
