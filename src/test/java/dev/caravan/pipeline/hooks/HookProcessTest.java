package dev.caravan.pipeline.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.config.HookEvent;
import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.pipeline.process.StopSignal;
import dev.caravan.storage.Json;
import dev.caravan.testing.ProcFs;
import dev.caravan.testing.ScratchHome;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The process of a hook: what it is given, what ends it, and what it may leave running. */
class HookProcessTest extends HooksTestBase {

  @Test
  void givesItTheRunAsJsonInTheHomeAndNoKey() throws Exception {
    // given
    hook("reset", "cat > input; pwd > cwd; env > environment");
    Batch batch =
        accept("  api_key_env_var: SET_API_KEY\n" + VARIANTS + "hooks: {before_point: reset}");
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
  void endsItsProcessTreeAtItsLimit() throws Exception {
    // given
    String time = "600." + System.nanoTime(); // by which its child is found, if it has begun
    hook("reset", "sleep " + time + " & wait");
    scratch.properties.setProperty("caravan.hooks.limit", "400ms");
    Run run = accept(TWO + "hooks: {before_point: reset}").run(0);
    // when
    AttemptHooks.Failure failure = before(run, 1).orElseThrow();
    // then
    assertThat(failure.run().failure()).isEqualTo("exceeded its limit of 400ms and was ended");
    assertThat(failure.run().exitCode()).isEmpty();
    assertThat(ProcFs.withCommandLine(time)).isEmpty();
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
    String ended = "while kill -0 \"$1\" 2> /dev/null; do sleep 0.05; done";
    hook("restart", "sh -c '" + ended + "; exec setsid sleep 600' sh $$ & echo $! > server");
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
}
