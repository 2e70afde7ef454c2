package dev.caravan.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.Program;
import dev.caravan.tools.simulator.Simulator;
import dev.caravan.tools.simulator.SimulatorOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

/** {@code caravan run}, through the script, with a fake aiperf. */
class OneShotIT extends FakeAiperfTestBase {

  @Test
  void logsASingleRunLikeRunAiperfPyAndStartsAiperfNoMoreThanItHasTo() throws IOException {
    // given
    String script = "#!/bin/sh\necho \"$1\" >>'%1$s/calls'\nexec '%1$s/aiperf' \"$@\"\n";
    Path counting = Files.writeString(bin.resolve("counting"), script.formatted(bin));
    Files.setPosixFilePermissions(counting, PosixFilePermissions.fromString("rwxr-xr-x"));
    caravan.withAiperf(counting);

    // when
    Program run = run(config("fake-ok", ""));

    // then
    String folder = shown(caravan.batch("one"));
    assertThat(run.exit()).isZero();
    assertThat(run.log())
        .containsExactly(
            "INFO: Running AIPerf with configuration: one.yaml",
            "INFO: Results root directory: " + folder,
            "INFO: Sweeping parameters: None",
            "INFO: Running AIPerf with configuration: one.yaml",
            "INFO: Output directory: " + folder,
            "INFO: Single Run",
            "INFO: Run completed successfully",
            "INFO: SUMMARY",
            "INFO: Total runs : 1",
            "INFO: Completed  : 1",
            "INFO: Failed     : 0",
            "INFO: Report     : " + folder + "/report.html");
    assertThat(bin.resolve("calls")).hasContent("--version\nprofile\n");
    assertThat(caravan.batch("one").resolve("summary.json")).exists();
    assertThat(caravan.batch("one").resolve("lock")).as("it leaves no lock").doesNotExist();
  }

  @Test
  void logsASweepLikeRunAiperfPy() {
    // when
    Program run = run(config("fake-ok", "sweeps: {concurrency: [1, 2, 4]}"));

    // then
    assertThat(run.exit()).isZero();
    assertThat(run.err())
        .matches("(?s)(\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d INFO: [^\\n]*\\n){18}");
    assertThat(run.log())
        .containsExactly(
            "INFO: Running AIPerf with configuration: one.yaml",
            "INFO: Results root directory: " + shown(caravan.batch("one")),
            "INFO: Sweeping parameters: {'concurrency': [1, 2, 4]}",
            "INFO: Running 3 benchmarks",
            "INFO: Run 1/3",
            "INFO: Sweep parameters: {'concurrency': 1}",
            "INFO: Run 1 completed successfully",
            "INFO: Run 2/3",
            "INFO: Sweep parameters: {'concurrency': 2}",
            "INFO: Run 2 completed successfully",
            "INFO: Run 3/3",
            "INFO: Sweep parameters: {'concurrency': 4}",
            "INFO: Run 3 completed successfully",
            "INFO: SUMMARY",
            "INFO: Total runs : 3",
            "INFO: Completed  : 3",
            "INFO: Failed     : 0",
            "INFO: Report     : " + shown(caravan.batch("one")) + "/report.html");
    assertThat(run.out().lines().map(line -> line.strip().split(" ")[0]))
        .containsSubsequence("1", "2", "4");
  }

  @Test
  void continuesAfterAFailedRunAndReportsItsCause() {
    // when
    Program run = run(config("x", "retry: {attempts: 1}\nsweeps: {model: [fake-exit-3, fake-ok]}"));

    // then
    Path folder = caravan.batch("one").resolve("modelfake-exit-3");
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.log())
        .filteredOn(line -> !line.startsWith("INFO"))
        .filteredOn(line -> !line.isEmpty())
        .satisfiesExactly(
            failed ->
                assertThat(failed)
                    .startsWith(
                        "ERROR: Run 1 with sweep params {'model': 'fake-exit-3'} failed with exit"
                            + " code 3: crashed: aiperf exited 3: ")
                    .endsWith("; see " + folder),
            last ->
                assertThat(last)
                    .startsWith(
                        "ERROR: 1 of 2 runs failed; first: modelfake-exit-3: aiperf exited"
                            + " 3: "));
    assertThat(run.log())
        .contains(
            "INFO: Run 2 completed successfully", "INFO: Completed  : 1", "INFO: Failed     : 1");
  }

  @Test
  void verboseLogsParametersCommandsAndOutput() {
    // when
    caravan.write("one.yaml", config("fake-ok", "sweeps: {concurrency: [3]}"));
    Program run = caravan.run("run", "--config-file", "one.yaml", "--verbose");

    // then
    assertThat(run.exit()).isZero();
    String all = run.out() + run.err();
    assertThat(all)
        .contains("Merged parameters: {'model': 'fake-ok', ")
        .contains("'concurrency': 3")
        .contains("Output directory: ")
        .containsPattern("Command: \\S+/aiperf profile --model fake-ok .*--concurrency 3 ")
        .contains("AIPerf System is PROFILING");
    assertThat(caravan.batch("one").resolve("concurrency3/stdout.log"))
        .content()
        .contains("AIPerf System is PROFILING");
  }

  @Test
  void runsHooksAroundTheBatchAndWhereTheVariantChanges() throws IOException {
    // given: a service that only a hook starts
    int port = llm.port();
    llm.close();
    Path script = caravan.write("note.sh", "#!/bin/sh\nsed 's/,.*//' >> calls\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    caravan.write(
        "one.yaml",
        config(
            "one",
            "fake-ok",
            "variants: {a: , b: }\nsweeps: {concurrency: [1, 2]}\n"
                + "hooks: {before_batch: note, before_variant: note, after_batch: note}"));
    // when
    Program run = caravan.start("run", "--config-file", "one.yaml", "--hook", "note=./note.sh");
    run.awaitLine("is not ready: connection refused");
    llm = Simulator.start(SimulatorOptions.defaults().withPort(port));
    // then
    assertThat(run.exit()).isZero();
    assertThat(caravan.home().resolve("calls"))
        .hasContent(
            """
            {"event":"before_batch"
            {"event":"before_variant"
            {"event":"before_variant"
            {"event":"after_batch"
            """);
    assertThat(run.log())
        .contains("INFO: Hook before_variant: note", "INFO: Completed  : 4")
        .filteredOn(line -> line.startsWith("INFO: Hook after_batch: note took"))
        .hasSize(1);
  }

  @Test
  void failsWhenItCannotWriteWhatCiReads() {
    // given
    caravan.write("one.yaml", config("fake-ok", "sweeps: {concurrency: [1]}"));

    // when
    Program run = caravan.run("run", "one.yaml", "--junit", "/proc/none/junit.xml");

    // then
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.log())
        .contains("INFO: Completed  : 1")
        .anyMatch(line -> line.startsWith("ERROR: Not written: /proc/none"));
  }

  @Test
  void waitsForTheTargetAlsoBetweenRuns() throws IOException {
    // given
    int port = llm.port();
    llm.close();
    caravan.write("one.yaml", config("one", "fake-until-go", "sweeps: {concurrency: [1, 2]}"));
    Program run = caravan.start("run", "--config-file", "one.yaml", "--wait", "1m");
    run.awaitLine("is not ready: connection refused");
    assertThat(run.err()).doesNotContain("Run 1/2");

    // when
    llm = Simulator.start(SimulatorOptions.defaults().withPort(port));
    run.awaitLine("Run 1/2");
    llm.close();
    FakeAiperf.go(bin);

    // then
    await()
        .atMost(Program.TIMEOUT)
        .until(() -> run.err().split("is not ready: connection refused", -1).length == 3);

    // when
    llm = Simulator.start(SimulatorOptions.defaults().withPort(port));

    // then
    assertThat(run.exit()).isZero();
    assertThat(run.log())
        .containsSubsequence(
            "INFO: Run 1 completed successfully",
            "INFO: Run 2/2",
            "INFO: Run 2 completed successfully");
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

  private String shown(Path folder) {
    return caravan.home().relativize(folder).toString();
  }

  private String config(String model, String more) {
    return unprobed("one", model, more);
  }
}
