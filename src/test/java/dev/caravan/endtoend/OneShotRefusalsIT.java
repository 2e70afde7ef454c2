package dev.caravan.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Program;
import dev.caravan.testing.ScriptedLlm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Refusals, dry runs and exit codes of {@code caravan run}. */
class OneShotRefusalsIT extends FakeAiperfTestBase {

  @Test
  void dryRunNeedsNoServerAndWritesNothing() {
    // given
    llm.close();

    // when
    caravan.write("one.yaml", config("fake-ok", "sweeps: {concurrency: [1, 2]}"));
    Program run = caravan.run("run", "--config-file", "one.yaml", "--dry-run");

    // then
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.lastLine())
        .startsWith("ERROR: " + llm.url() + " is not ready: connection refused");
    assertThat(run.log())
        .containsSubsequence(
            "INFO: Running AIPerf with configuration: one.yaml",
            "INFO: Results root directory: aiperf_results/one/<timestamp>",
            "INFO: Sweeping parameters: {'concurrency': [1, 2]}",
            "INFO: Running 2 benchmarks",
            "INFO: Dry-run mode. Commands will not be executed",
            "INFO: SUMMARY",
            "INFO: Total runs : 0");
    assertThat(run.out().lines())
        .satisfiesExactly(
            first ->
                assertThat(first).isEqualTo("Run 1/2: aiperf_results/one/<timestamp>/concurrency1"),
            command ->
                assertThat(command.strip())
                    .startsWith("aiperf profile --model fake-ok ")
                    .contains("--concurrency 1"),
            second ->
                assertThat(second)
                    .isEqualTo("Run 2/2: aiperf_results/one/<timestamp>/concurrency2"),
            command -> assertThat(command).contains("--concurrency 2"),
            time -> assertThat(time).startsWith("Estimated time: about 0 min 10 s for 2 runs"));
    assertLeftNothingBehind();
  }

  private void assertLeftNothingBehind() {
    assertThat(caravan.list("")).extracting(Path::getFileName).containsExactly(Path.of("one.yaml"));
  }

  @Test
  void givesUpWaitingAfterTheGivenTime() {
    // given
    llm.close();

    // when
    caravan.write("one.yaml", config("fake-ok", ""));
    Program run = caravan.run("run", "--config-file", "one.yaml", "--wait", "1s");

    // then
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.age()).isGreaterThan(Duration.ofSeconds(1));
    assertThat(run.lastLine()).contains("is not ready: connection refused");
    assertThat(caravan.list("aiperf_results")).isEmpty();
  }

  @Test
  void failsOnDegradedRunsWithFailOn() {
    // given
    caravan.write("one.yaml", config("fake-degraded", ""));

    // when
    Program strict = caravan.run("run", "--config-file", "one.yaml", "--fail-on", "degraded");

    // then
    assertThat(strict.exit()).isEqualTo(1);
    assertThat(strict.lastLine())
        .startsWith("ERROR: 1 of 1 runs failed or were degraded; first: 10 of 20 requests");
  }

  @Test
  void refusesAConfigWithAllItsProblems() throws IOException {
    // given an aiperf that answers when the user has been told
    Path told = bin.resolve("told");
    String script = "#!/bin/sh\nwhile [ ! -e '%s' ]; do sleep 0.1; done\necho 0.13.0\n";
    Path waiting = Files.writeString(bin.resolve("waiting"), script.formatted(told));
    Files.setPosixFilePermissions(waiting, PosixFilePermissions.fromString("rwxr-xr-x"));
    caravan.withAiperf(waiting);

    // when
    Program run =
        begin(
            """
            batch_name: one
            base_config:
              model: fake-ok
              url: http://127.0.0.1:1
              warmup_request_count: -1
              benchmark_duration: soon
              concurency: 1
            sweeps: {concurrency: []}
            """);
    run.awaitLine("Refused:");
    Files.createFile(told);

    // then
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.log())
        .contains("ERROR: Refused:")
        .anyMatch(
            line ->
                line.strip().startsWith("one.yaml:5:25: base_config.warmup_request_count: \"-1\""))
        .anyMatch(
            line ->
                line.strip().startsWith("one.yaml:6:23: base_config.benchmark_duration: \"soon\""))
        .anyMatch(line -> line.contains("concurency") && line.contains("did you mean"))
        .anyMatch(
            line -> line.strip().startsWith("one.yaml:8:") && line.contains("sweeps.concurrency"));
    assertLeftNothingBehind();
  }

  @Test
  void refusesAKeyThatIsNotSetBeforeAnythingRuns() {
    // when
    Program run =
        run(config("fake-ok", "").replace("  url", "  api_key_env_var: NOT_SET_KEY\n  url"));

    // then
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("base_config.api_key_env_var").contains("NOT_SET_KEY");
    assertThat(caravan.list("aiperf_results")).isEmpty();
    assertThat(llm.counts().requests()).isZero();
  }

  @Test
  void refusesToRunWithoutAnAiperf() {
    // given
    caravan.with("CARAVAN_AIPERF_COMMAND", "/no/such/aiperf");

    // when
    Program run = run(config("fake-ok", ""));

    // then
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.lastLine()).startsWith("ERROR: ").contains("/no/such/aiperf");
    assertLeftNothingBehind();
  }

  @Test
  void reportsThatThereIsNoBatchToResume() {
    // when
    Program run = caravan.start("run", "--resume", "inbox");

    // then
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.lastLine())
        .isEqualTo("caravan: inbox is not a batch folder: it contains no batch.json");
  }

  private Program run(String config) {
    Program run = begin(config);
    run.exit();
    return run;
  }

  private Program begin(String config) {
    caravan.write("one.yaml", config);
    return caravan.start("run", "--config-file", "one.yaml");
  }

  private String config(String model, String more) {
    return config("one", model, more);
  }

  @Test
  void endsAtOnceWhenOnlyTheCompletionShowsThatTheServiceIsNotReady() throws IOException {
    try (ScriptedLlm loading = ScriptedLlm.serving("fake-ok").respondWith(503, "loading")) {
      // when
      Program run = run(withPreflight(loading, ""));

      // then
      assertThat(run.exit()).isEqualTo(1);
      assertThat(run.lastLine())
          .isEqualTo(
              "ERROR: "
                  + loading.url()
                  + " is not ready: it is unavailable: POST /v1/chat/completions returned 503:"
                  + " loading");
      assertLeftNothingBehind();
    }
  }

  /** Without {@code --fail-on}, the failed requests of the run fail nothing. */
  @Test
  void needsNeitherAListOfModelsNorAWritableWorkingDirectory(@TempDir Path elsewhere)
      throws IOException {
    try (ScriptedLlm gateway = ScriptedLlm.serving("fake-degraded")) {
      // given
      gateway.modelsStatus = 403;
      caravan.write(".caravan", "a file where Caravan would write");
      caravan.with("XDG_STATE_HOME", elsewhere.resolve("state").toString());
      String config = withPreflight(gateway, "").replace("fake-ok", "fake-degraded");

      // when
      Program run = run("output_base_dir: " + elsewhere + "\n" + config);

      // then
      assertThat(run.exit()).as(run.err()).isZero();
      assertThat(run.log())
          .contains("INFO: Degraded   : 1 of the completed")
          .anyMatch(
              line ->
                  line.startsWith("WARNING: " + gateway.url() + ": ready: it serves completions")
                      && line.contains("GET /v1/models returned 403"));
      assertThat(caravan.list(""))
          .extracting(Path::getFileName)
          .containsExactly(Path.of(".caravan"), Path.of("one.yaml"));
      assertThat(elsewhere.resolve("one")).isDirectory();
    }
  }

  private String withPreflight(ScriptedLlm target, String more) {
    return config("fake-ok", more)
        .replace("readiness: {preflight: false}\n", "")
        .replace(llm.url(), target.url());
  }
}
