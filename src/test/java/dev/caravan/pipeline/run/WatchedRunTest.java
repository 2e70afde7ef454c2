package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caravan.model.Outcome;
import dev.caravan.pipeline.outcome.Judge;
import dev.caravan.pipeline.outcome.Judgment;
import dev.caravan.pipeline.process.AiperfCommand;
import dev.caravan.pipeline.process.Launch;
import dev.caravan.pipeline.process.ProcessExit;
import dev.caravan.pipeline.process.ProcessRunner;
import dev.caravan.pipeline.process.StopSignal;
import dev.caravan.pipeline.process.Watchdog;
import dev.caravan.storage.RunFolder;
import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.LiveTree;
import dev.caravan.testing.ProcFs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ends processes that hang in each phase, with limits below one second. */
@Tag("timing")
class WatchedRunTest {

  private static final Duration LIMIT = Duration.ofMillis(400);
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration REAL_GRACE = Duration.ofSeconds(5);
  private static final Duration SHORT_GRACE = Duration.ofMillis(300);

  @TempDir Path temp;
  private Path runFolder;

  @BeforeEach
  void makesTheRunFolder() throws IOException {
    runFolder = Files.createDirectory(temp.resolve("run"));
  }

  @Test
  void endsARunThatHangsInItsWarmUpAndKeepsItsRequests() throws IOException {
    // when
    ProcessExit exit = run("fake-hang-in-warmup", limits(RunPhase.WARM_UP));
    // then
    assertGone(exit);
    Judgment judgment = new Judge().judge(runFolder, exit, () -> true);
    assertThat(judgment.outcome()).isEqualTo(Outcome.TIMED_OUT);
    assertThat(judgment.reasons().get(0))
        .isEqualTo(
            "timed out in the warm-up phase, 7 of 20 requests done: its limit of 400ms passed");
    assertThat(runFolder.resolve("profile_export.jsonl")).content().endsWith("}\n").hasLineCount(7);
    assertThat(runFolder.resolve("stdout.log")).content().contains("Phase warmup (warmup) started");
  }

  @Test
  void endsARunThatHangsInItsMeasuredPhase() throws IOException {
    // when
    ProcessExit exit = run("fake-hang", limits(RunPhase.MEASURING), REAL_GRACE);
    // then
    assertGone(exit);
    assertThat(exit.message())
        .isEqualTo("timed out in the measuring phase, 0 requests done: its limit of 400ms passed");
  }

  @Test
  void endsARunThatHangsInItsExport() throws IOException {
    // when
    ProcessExit exit = run("fake-hang-in-export", limits(RunPhase.EXPORT));
    // then
    assertGone(exit);
    assertThat(exit.message())
        .isEqualTo("timed out in the export phase: its limit of 400ms passed");
    assertThat(runFolder.resolve("profile_export.jsonl")).content().hasLineCount(2);
  }

  @Test
  void endsARunWithoutProgressInItsExport() throws IOException {
    // when
    ProcessExit exit =
        run(
            "fake-hang-in-export",
            noProgress(),
            SHORT_GRACE,
            "Phase profiling (profiling) complete");
    // then
    assertGone(exit);
    assertThat(exit.message())
        .isEqualTo(
            "timed out in the export phase: nothing new in any of its files for 400ms (no_progress)");
  }

  @Test
  void doesNotEndARunWithoutOutputInItsMeasuredPhase() throws IOException {
    // when
    ProcessExit exit =
        run("fake-sleep-1", noProgress(), SHORT_GRACE, AiperfCommand.INTERRUPT_MARKER);
    // then
    assertThat(exit.how()).isEqualTo(ProcessExit.How.EXITED);
    assertThat(exit.returnCode()).isZero();
  }

  @Test
  void endsARunThatHangsInItsStartUpWithoutWaitingForSigint() throws IOException {
    // when
    ProcessExit exit =
        run("fake-hang-in-start", limits(RunPhase.START_UP), LONG, "Starting AIPerf System");
    // then
    assertGone(exit);
    assertThat(exit.message())
        .isEqualTo("timed out in the start-up phase: its limit of 400ms passed");
  }

  @Test
  void endsARunBeforeItsFirstLine() throws IOException {
    // when
    ProcessExit exit = run("fake-slow-start-600", overall(), LONG);
    // then
    assertGone(exit);
    assertThat(exit.message())
        .isEqualTo("timed out before its first phase line: its run_timeout of 400ms passed");
  }

  @Test
  void endsARunThatIgnoresSigintAndSigterm() throws IOException {
    // when
    ProcessExit exit = run("fake-hang-ignoring-all", limits(RunPhase.MEASURING), REAL_GRACE);
    // then
    assertGone(exit);
    assertThat(exit.returnCode()).isEqualTo(-9);
    assertThat(exit.duration()).isGreaterThan(REAL_GRACE);
  }

  @Test
  void endsTheGrandchildrenOfAHungRun() throws IOException {
    // when
    ProcessExit exit = run("fake-tree", limits(RunPhase.MEASURING));
    // then
    assertGone(exit);
    assertThat(Files.readAllLines(runFolder.resolve("pids"))).hasSize(3).noneMatch(this::isAlive);
  }

  @Test
  void letsARunExportAfterSigint() throws IOException {
    // given
    assumeTrue(ProcFs.receivesSigint(), "children of a background shell ignore SIGINT");
    // when
    ProcessExit exit = run("fake-export-on-sigint", limits(RunPhase.MEASURING), REAL_GRACE);
    // then
    assertGone(exit);
    assertThat(runFolder.resolve("profile_export_aiperf.json")).content().endsWith("}\n");
  }

  private ProcessExit run(String model, TimeLimits limits) {
    return run(model, limits, SHORT_GRACE);
  }

  private ProcessExit run(String model, TimeLimits limits, Duration grace) {
    return run(model, limits, grace, "");
  }

  /** The time that is limited begins when this is printed: until then, the machine decides. */
  private ProcessExit run(String model, TimeLimits limits, Duration grace, String begin) {
    RunFolder folder = new RunFolder(runFolder);
    Watchdog watchdog = new PhaseWatchdog(folder, limits, new PhaseOutput(folder.stdout()));
    Path aiperf = FakeAiperf.in(temp.resolve("bin"));
    Launch launch =
        new Launch(
            List.of(
                aiperf.toString(),
                "profile",
                "--model",
                model,
                "--output-artifact-dir",
                runFolder.toString()),
            Map.of("PATH", "/usr/bin:/bin"),
            temp,
            folder.stdout(),
            folder.stderr(),
            temp.resolve("t"),
            limits.overall().limit(),
            grace);
    return new ProcessRunner()
        .run(
            launch
                .interruptibleAfter(AiperfCommand.INTERRUPT_MARKER)
                .watchedBy(begin.isEmpty() ? watchdog : from(begin, watchdog)),
            new StopSignal());
  }

  private Watchdog from(String begin, Watchdog watchdog) {
    AtomicReference<Optional<Duration>> before = new AtomicReference<>(Optional.empty());
    return elapsed -> {
      if (before.get().isEmpty() && hasPrinted(begin)) {
        before.set(Optional.of(elapsed));
      }
      return watchdog.overdue(before.get().map(elapsed::minus).orElse(Duration.ZERO));
    };
  }

  private boolean hasPrinted(String text) {
    return LiveTree.text(new RunFolder(runFolder).stdout()).contains(text);
  }

  /** The whole process tree is gone, long before a limit or a grace period that is long. */
  private void assertGone(ProcessExit exit) {
    assertThat(exit.how()).isEqualTo(ProcessExit.How.TIMED_OUT);
    assertThat(exit.duration()).isBetween(LIMIT, LONG);
    assertThat(temp.resolve("t")).doesNotExist();
    assertThat(ProcessHandle.allProcesses().filter(this::belongs)).isEmpty();
  }

  private boolean belongs(ProcessHandle process) {
    return process
        .info()
        .commandLine()
        .filter(line -> line.contains(runFolder.toString()))
        .isPresent();
  }

  /** A zombie does not count, since it may have no parent that waits for it. */
  private boolean isAlive(String pid) {
    try {
      return !Files.readString(Path.of("/proc", pid, "stat")).contains(") Z ");
    } catch (IOException gone) {
      return false;
    }
  }

  private static TimeLimits limits(RunPhase tight) {
    return new TimeLimits(phases(tight), LONG, new TimeLimits.Overall(LONG, "its sum"));
  }

  private static TimeLimits noProgress() {
    return new TimeLimits(phases(), LIMIT, new TimeLimits.Overall(LONG, "its sum"));
  }

  private static TimeLimits overall() {
    return new TimeLimits(
        phases(), LONG, new TimeLimits.Overall(LIMIT, "its run_timeout of 400ms"));
  }

  private static Map<RunPhase, Duration> phases(RunPhase... tight) {
    return Arrays.stream(RunPhase.values())
        .collect(
            Collectors.toMap(
                phase -> phase, phase -> Arrays.asList(tight).contains(phase) ? LIMIT : LONG));
  }
}
