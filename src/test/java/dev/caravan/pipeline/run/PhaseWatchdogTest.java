package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Watches files that the test writes, with a simulated clock. */
class PhaseWatchdogTest {

  private static final String STARTING = "Starting AIPerf System (_single_run.py:81)";
  private static final String WARMING_UP =
      "Phase warmup (warmup) started | phase_index=0 | target: 20 requests (runner.py:660)";
  private static final String MEASURING =
      "Phase profiling (profiling) started | phase_index=1 | target: 60.0s duration (x.py:660)";
  private static final String MEASURED =
      "Phase profiling (profiling) complete | completed=11, cancelled=0 (runner.py:1226)";

  @TempDir Path folder;
  private PhaseWatchdog watchdog;

  @BeforeEach
  void startsWithEmptyOutput() throws IOException {
    Files.createFile(folder.resolve("stdout.log"));
    Files.createFile(folder.resolve("stderr.log"));
    watchdog = watchdog(Duration.ofMinutes(60), Duration.ofMinutes(3));
  }

  @Test
  void isNeverOverdueWhileAllIsWell() throws IOException {
    assertThat(at(0)).isEmpty();
    prints(STARTING);
    assertThat(at(4)).isEmpty();
    prints(WARMING_UP);
    assertThat(at(5)).isEmpty();
    assertThat(at(34)).isEmpty();
    prints(MEASURING);
    assertThat(at(35)).isEmpty();
    assertThat(at(36)).isEmpty();
    prints(MEASURED);
    assertThat(at(37)).isEmpty();
    writes("profile_export_aiperf.csv");
    assertThat(at(39)).isEmpty();
  }

  @Test
  void limitsTheStartUpFromTheStartOfTheProcess() throws IOException {
    prints(STARTING);
    writes("inputs.json");
    assertThat(at(3)).isEmpty();
    prints("Registered: Worker");
    assertThat(at(4)).isEmpty();
    prints("Registered: Worker");
    assertThat(at(5)).contains("timed out in the start-up phase: its limit of 5m passed");
  }

  @Test
  void limitsTheWarmUpAndReportsItsProgress() throws IOException {
    prints(WARMING_UP);
    requests("warmup", 7);
    assertThat(at(2)).isEmpty();
    assertThat(at(31)).isEmpty();
    assertThat(at(32))
        .contains("timed out in the warm-up phase, 7 of 20 requests done: its limit of 30m passed");
  }

  @Test
  void limitsTheMeasuredPhaseAndCountsOnlyItsRequests() throws IOException {
    prints(WARMING_UP);
    requests("warmup", 20);
    assertThat(at(1)).isEmpty();
    prints(MEASURING);
    requests("profiling", 1_204);
    assertThat(at(2)).isEmpty();
    assertThat(at(4))
        .contains("timed out in the measuring phase, 1,204 requests done: its limit of 2m passed");
  }

  @Test
  void limitsTheExport() throws IOException {
    watchdog = watchdog(Duration.ofMinutes(60), Duration.ofMinutes(30));
    prints(MEASURED);
    assertThat(at(1)).isEmpty();
    assertThat(at(10)).isEmpty();
    assertThat(at(11)).contains("timed out in the export phase: its limit of 10m passed");
  }

  @Test
  void requiresProgressInStartUp() throws IOException {
    prints(STARTING);
    assertThat(at(0)).isEmpty();
    assertThat(at(2)).isEmpty();
    assertThat(at(3))
        .contains(
            "timed out in the start-up phase: nothing new in any of its files for 3m (no_progress)");
  }

  @Test
  void requiresProgressInExport() throws IOException {
    prints(MEASURED);
    assertThat(at(50)).isEmpty();
    assertThat(at(53))
        .contains(
            "timed out in the export phase: nothing new in any of its files for 3m (no_progress)");
  }

  @Test
  void requiresProgressBeforeAnythingWasWritten() {
    assertThat(at(0)).isEmpty();
    assertThat(at(3))
        .contains(
            "timed out before its first phase line: nothing new in any of its files for 3m"
                + " (no_progress)");
  }

  @Test
  void countsAnyNewByteInTheFolderAsProgress() throws IOException {
    prints(MEASURED);
    assertThat(at(40)).isEmpty();
    writes("profile_export_aiperf.json");
    assertThat(at(42)).isEmpty();
    writes("profile_export_aiperf.json");
    assertThat(at(44)).isEmpty();
    assertThat(at(46)).isEmpty();
    assertThat(at(47)).isPresent();
  }

  @Test
  void requiresNoProgressWhileRequestsAreSent() throws IOException {
    watchdog = watchdog(Duration.ofMinutes(60), Duration.ofMinutes(1));
    prints(WARMING_UP);
    assertThat(at(1)).isEmpty();
    assertThat(at(30)).as("a silent warm-up").isEmpty();
    prints(MEASURING);
    assertThat(at(31)).isEmpty();
    assertThat(at(32)).as("a silent measured phase").isEmpty();
  }

  @Test
  void appliesTheOverallLimitWhenNoPhaseIsKnown() throws IOException {
    prints("output with other texts");
    assertThat(at(0)).isEmpty();
    assertThat(at(59)).isEmpty();
    assertThat(at(60)).contains("timed out before its first phase line: its limit of 1h passed");
  }

  @Test
  void appliesTheOverallLimitInEveryPhase() throws IOException {
    prints(WARMING_UP);
    assertThat(at(31)).isEmpty();
    prints(MEASURING);
    requests("profiling", 3);
    assertThat(at(59)).isEmpty();
    assertThat(at(60))
        .contains("timed out in the measuring phase, 3 requests done: its limit of 1h passed");
  }

  @Test
  void readsALineThatIsWrittenInPieces() throws IOException {
    append("stdout.log", MEASURED.substring(0, 20));
    assertThat(at(1)).isEmpty();
    append("stdout.log", MEASURED.substring(20) + "\n");
    assertThat(at(2)).isEmpty();
    assertThat(at(12).orElseThrow()).startsWith("timed out in the export phase");
  }

  @Test
  void findsThePhaseAfterManyMegabytesOfOutput() throws IOException {
    append("stdout.log", "0123456789abcdef0123456789abcdef\n".repeat(300_000));
    prints(MEASURED);
    assertThat(at(1)).isEmpty();
    assertThat(at(11).orElseThrow()).startsWith("timed out in the export phase");
  }

  @Test
  void reportsALowerBoundForALongRequestLog() throws IOException {
    prints(MEASURING);
    assertThat(at(1)).isEmpty();
    append("profile_export.jsonl", line("profiling", "x".repeat(1_000)).repeat(40_000));
    assertThat(at(3).orElseThrow())
        .matches("timed out in the measuring phase, more than 3\\d,\\d{3} requests done: .*");
  }

  @Test
  void ignoresChangesToEarlierAttempts() throws IOException {
    Files.createDirectories(folder.resolve("attempts/1"));
    prints(STARTING);
    assertThat(at(0)).isEmpty();
    writes("attempts/1/stdout.log");
    assertThat(at(3)).isPresent();
  }

  private PhaseWatchdog watchdog(Duration overall, Duration noProgress) {
    Map<RunPhase, Duration> phases =
        Map.of(
            RunPhase.START_UP, Duration.ofMinutes(5),
            RunPhase.WARM_UP, Duration.ofMinutes(30),
            RunPhase.MEASURING, Duration.ofMinutes(2),
            RunPhase.EXPORT, Duration.ofMinutes(10));
    return new PhaseWatchdog(
        new RunFolder(folder),
        new TimeLimits(phases, noProgress, new TimeLimits.Overall(overall, "its limit of 1h")),
        new PhaseOutput(folder.resolve("stdout.log")));
  }

  private Optional<String> at(int minutes) {
    return watchdog.overdue(Duration.ofMinutes(minutes));
  }

  private void prints(String line) throws IOException {
    append("stdout.log", "19:50:13.526 INFO     " + line + "\n");
  }

  private void writes(String file) throws IOException {
    append(file, "x");
  }

  private void requests(String phase, int count) throws IOException {
    append("profile_export.jsonl", line(phase, "").repeat(count));
  }

  private static String line(String phase, String more) {
    return "{\"metadata\":{\"benchmark_phase\":\""
        + phase
        + "\",\"more\":\""
        + more
        + "\"},\"metrics\":{}}\n";
  }

  private void append(String file, String text) throws IOException {
    Files.writeString(
        folder.resolve(file), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
