package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caravan.model.Outcome;
import dev.caravan.pipeline.outcome.Judge;
import dev.caravan.pipeline.outcome.Verdict;
import dev.caravan.pipeline.process.AiperfCommand;
import dev.caravan.pipeline.process.Launch;
import dev.caravan.pipeline.process.ProcessExit;
import dev.caravan.pipeline.process.ProcessRunner;
import dev.caravan.pipeline.process.StopSignal;
import dev.caravan.storage.RunFolder;
import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.Proc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every way of hanging, watched as in a real run, with limits of under a second. */
@Timeout(30)
class WatchedRunTest {

  private static final Duration LIMIT = Duration.ofMillis(400);
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration REAL_GRACE = Duration.ofSeconds(5);
  private static final Duration SHORT_GRACE = Duration.ofMillis(300);
  private static final Duration GONE_WITHIN = Duration.ofSeconds(8);

  @TempDir Path temp;
  private Path run;

  @BeforeEach
  void makesTheRunFolder() throws IOException {
    run = Files.createDirectory(temp.resolve("run"));
  }

  @Test
  void endsARunThatHangsInItsWarmUpAndKeepsWhatItMeasured() throws IOException {
    // when
    ProcessExit ended = watched("fake-hang-in-warmup", limits(RunPhase.WARM_UP));
    // then
    assertGone(ended);
    Verdict verdict = new Judge().judge(run, ended, () -> true);
    assertThat(verdict.outcome()).isEqualTo(Outcome.TIMED_OUT);
    assertThat(verdict.reasons().get(0))
        .isEqualTo("timed out in warm-up, 7 of 20 requests done: its limit of 400ms passed");
    assertThat(run.resolve("profile_export.jsonl")).content().endsWith("}\n").hasLineCount(7);
    assertThat(run.resolve("stdout.log")).content().contains("Phase warmup (warmup) started");
  }

  @Test
  void endsARunThatHangsInItsMeasuredPhase() throws IOException {
    // when
    ProcessExit ended = watched("fake-hang", limits(RunPhase.MEASURING), REAL_GRACE);
    // then
    assertGone(ended);
    assertThat(ended.message())
        .isEqualTo("timed out in measuring, 0 requests done: its limit of 400ms passed");
  }

  @Test
  void endsARunThatHangsInItsExport() throws IOException {
    // when
    ProcessExit ended = watched("fake-hang-in-export", limits(RunPhase.EXPORT));
    // then
    assertGone(ended);
    assertThat(ended.message()).isEqualTo("timed out in export: its limit of 400ms passed");
    assertThat(run.resolve("profile_export.jsonl")).content().hasLineCount(2);
  }

  @Test
  void endsARunThatIsSilentInItsExport() throws IOException {
    // when
    ProcessExit ended = watched("fake-hang-in-export", silence());
    // then
    assertGone(ended);
    assertThat(ended.message())
        .isEqualTo("timed out in export: nothing new in any of its files for 400ms (no_progress)");
  }

  @Test
  void doesNotEndARunThatIsSilentInItsMeasuredPhase() throws IOException {
    // when
    ProcessExit ended = watched("fake-sleep-1", silence());
    // then
    assertThat(ended.how()).isEqualTo(ProcessExit.How.EXITED);
    assertThat(ended.returnCode()).isZero();
  }

  @Test
  void endsARunThatHangsInItsStartUpWithoutWaitingForSigint() throws IOException {
    // when
    ProcessExit ended = watched("fake-hang-in-start", limits(RunPhase.START_UP));
    // then
    assertGone(ended);
    assertThat(ended.message()).isEqualTo("timed out in start-up: its limit of 400ms passed");
    assertThat(ended.duration()).isLessThan(LIMIT.plusSeconds(2));
  }

  @Test
  void endsARunInItsFirstSecondBeforeItSaidAnything() throws IOException {
    // when
    ProcessExit ended = watched("fake-slow-start-600", whole());
    // then
    assertGone(ended);
    assertThat(ended.message())
        .isEqualTo("timed out before its first phase line: its run_timeout of 400ms passed");
    assertThat(ended.duration()).isLessThan(LIMIT.plusSeconds(2));
  }

  @Test
  void endsARunThatIgnoresSigintAndSigterm() throws IOException {
    // when
    ProcessExit ended = watched("fake-hang-ignoring-all", limits(RunPhase.MEASURING), REAL_GRACE);
    // then
    assertGone(ended);
    assertThat(ended.returnCode()).isEqualTo(-9);
    assertThat(ended.duration()).isGreaterThan(REAL_GRACE);
  }

  @Test
  void endsTheGrandchildrenOfAHungRun() throws IOException {
    // when
    ProcessExit ended = watched("fake-tree", limits(RunPhase.MEASURING));
    // then
    assertGone(ended);
    assertThat(Files.readAllLines(run.resolve("pids"))).hasSize(3).noneMatch(this::lives);
  }

  @Test
  void letsARunThatIsWellExportAfterSigint() throws IOException {
    // given
    assumeTrue(Proc.hearsInterrupts(), "children of a background shell do not hear SIGINT");
    // when
    ProcessExit ended = watched("fake-export-on-sigint", limits(RunPhase.MEASURING), REAL_GRACE);
    // then
    assertGone(ended);
    assertThat(run.resolve("profile_export_aiperf.json")).content().endsWith("}\n");
  }

  private ProcessExit watched(String model, TimeLimits limits) {
    return watched(model, limits, SHORT_GRACE);
  }

  private ProcessExit watched(String model, TimeLimits limits, Duration grace) {
    RunFolder folder = new RunFolder(run);
    Path aiperf = FakeAiperf.in(temp.resolve("bin"));
    Launch launch =
        new Launch(
            List.of(
                aiperf.toString(),
                "profile",
                "--model",
                model,
                "--output-artifact-dir",
                run.toString()),
            Map.of("PATH", "/usr/bin:/bin"),
            temp,
            folder.stdout(),
            folder.stderr(),
            temp.resolve("t"),
            limits.whole().limit(),
            grace);
    return new ProcessRunner()
        .run(
            launch
                .interruptibleAfter(AiperfCommand.INTERRUPT_MARKER)
                .watchedBy(new PhaseWatchdog(folder, limits)),
            new StopSignal());
  }

  /** Gone whole, and not later than promised; the way to the phase is far below a second. */
  private void assertGone(ProcessExit ended) {
    assertThat(ended.how()).isEqualTo(ProcessExit.How.TIMED_OUT);
    assertThat(ended.duration()).isBetween(LIMIT, LIMIT.plus(GONE_WITHIN));
    assertThat(temp.resolve("t")).doesNotExist();
    assertThat(ProcessHandle.allProcesses().filter(this::belongs)).isEmpty();
  }

  private boolean belongs(ProcessHandle process) {
    return process.info().commandLine().filter(line -> line.contains(run.toString())).isPresent();
  }

  /** Not a zombie, which nobody may be there to bury. */
  private boolean lives(String pid) {
    try {
      return !Files.readString(Path.of("/proc", pid, "stat")).contains(") Z ");
    } catch (IOException gone) {
      return false;
    }
  }

  private static TimeLimits limits(RunPhase tight) {
    return new TimeLimits(phases(tight), LONG, new TimeLimits.Whole(LONG, "its sum"));
  }

  private static TimeLimits silence() {
    return new TimeLimits(phases(), LIMIT, new TimeLimits.Whole(LONG, "its sum"));
  }

  private static TimeLimits whole() {
    return new TimeLimits(phases(), LONG, new TimeLimits.Whole(LIMIT, "its run_timeout of 400ms"));
  }

  private static Map<RunPhase, Duration> phases(RunPhase... tight) {
    return Arrays.stream(RunPhase.values())
        .collect(
            Collectors.toMap(
                phase -> phase, phase -> Arrays.asList(tight).contains(phase) ? LIMIT : LONG));
  }
}
