package dev.caravan.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.ProcFs;
import dev.caravan.testing.Program;
import dev.caravan.testing.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code caravan run}, through the script, that is interrupted, and {@code --resume} after it. */
class OneShotInterruptIT extends FakeAiperfTestBase {

  @ParameterizedTest
  @CsvSource({"INT, 1, Ctrl-C", "HUP, 2, SIGHUP: the terminal was closed"})
  void keepsFinishedRunsWhenInterruptedAndResumesByTheCommandItPrints(
      String signal, int times, String words) throws IOException {
    // given
    assumeTrue(ProcFs.receivesSigint(), "children of a background shell do not receive SIGINT");
    assumeTrue(ProcFs.receivesSighup(), "children of nohup do not receive SIGHUP");
    Program run = begin("sweeps: {model: [fake-ok, fake-tree, fake-degraded]}");
    run.awaitLine("Run 2/3");
    Path pids = caravan.batch("one").resolve("modelfake-tree/pids");
    await().until(() -> Files.exists(pids) && Files.readAllLines(pids).size() == 3);
    List<Long> grandchildren = Files.readAllLines(pids).stream().map(Long::valueOf).toList();

    // when
    IntStream.range(0, times).forEach(time -> run.signal(signal));

    // then
    assertThat(run.exit()).isEqualTo(130);
    assertThat(run.log())
        .contains(
            "INFO: SUMMARY",
            "INFO: Total runs : 3",
            "INFO: Completed  : 1",
            "INFO: Failed     : 0",
            "INFO: Not done   : 2");
    assertThat(run.lastLine())
        .startsWith("ERROR: Interrupted: 1 of 3 runs ended; to continue: caravan run --resume ");
    assertThat(grandchildren).noneMatch(pid -> ProcFs.isAlive(pid));
    assertThat(caravan.runProcesses()).isEmpty();
    assertThat(caravan.temporaryFolders()).isEmpty();
    assertThat(caravan.batch("one").resolve("modelfake-ok/process_result.json"))
        .content()
        .contains("\"succeeded\"");
    assertThat(caravan.batch("one").resolve("modelfake-tree/process_result.json"))
        .content()
        .contains("\"cancelled\"", "interrupted (" + words + ")");
    assertThat(caravan.batch("one").resolve("modelfake-degraded")).doesNotExist();
    assertResumedBy(run.lastLine().replaceFirst(".*to continue: caravan ", ""));
  }

  @ParameterizedTest
  @CsvSource({"INT, INT, 130", "INT, TERM, 143", "TERM, INT, 130"})
  void saysHowToResumeAlsoWhenASecondSignalEndsItAtOnce(String first, String second, int exit)
      throws IOException {
    // given: a run that the first signal does not end at once
    assumeTrue(ProcFs.receivesSigint(), "children of a background shell do not receive SIGINT");
    Program run = begin("sweeps: {model: [fake-ok, fake-tree]}");
    run.awaitLine("Run 2/2");
    Results.awaitMeasuring(caravan.batch("one").resolve("modelfake-tree"));
    run.signal(first);

    // when: it may still be busy with the first, which then stands for both
    await()
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              run.signal(second);
              return !run.isRunning();
            });

    // then
    assertThat(run.exit()).isEqualTo(exit);
    assertThat(run.lastLine())
        .startsWith("ERROR: Interrupted: 1 of 2 runs ended; to continue: caravan run --resume ");
    assertThat(run.log()).as("it did not wait").doesNotContain("INFO: SUMMARY");
    FakeAiperf.always(bin, "fake-ok");
    String command = run.lastLine().replaceFirst(".*to continue: caravan ", "");
    assertThat(caravan.start(command.split(" ")).exit()).isZero();
  }

  private void assertResumedBy(String command) {
    // when
    FakeAiperf.always(bin, "fake-ok");
    Program next = caravan.start(command.split(" "));

    // then
    assertThat(next.exit()).isZero();
    assertThat(next.log())
        .contains("INFO: Run 2/3", "INFO: This is attempt 2", "INFO: Run 3/3")
        .doesNotContain("INFO: Run 1/3");
    assertThat(home.summary("one").path("completed").asInt()).isEqualTo(3);
  }

  private Program begin(String sweeps) {
    caravan.write("one.yaml", unprobed("one", "x", sweeps));
    return caravan.start("run", "--config-file", "one.yaml");
  }
}
