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

/** Time is what the watch is told. */
class PhaseWatchdogTest {

  private static final String STARTING = "Starting AIPerf System (_single_run.py:81)";
  private static final String WARMING_UP =
      "Phase warmup (warmup) started | phase_index=0 | target: 20 requests (runner.py:660)";
  private static final String MEASURING =
      "Phase profiling (profiling) started | phase_index=1 | target: 60.0s duration (x.py:660)";
  private static final String MEASURED =
      "Phase profiling (profiling) complete | completed=11, cancelled=0 (runner.py:1226)";

  @TempDir Path folder;
  private PhaseWatchdog watch;

  @BeforeEach
  void startsWithEmptyOutput() throws IOException {
    Files.createFile(folder.resolve("stdout.log"));
    Files.createFile(folder.resolve("stderr.log"));
    watch = watch(Duration.ofMinutes(60), Duration.ofMinutes(3));
  }

  @Test
  void saysNothingWhileAllIsWell() throws IOException {
    assertThat(at(0)).isEmpty();
    says(STARTING);
    assertThat(at(4)).isEmpty();
    says(WARMING_UP);
    assertThat(at(5)).isEmpty();
    assertThat(at(34)).isEmpty();
    says(MEASURING);
    assertThat(at(35)).isEmpty();
    assertThat(at(36)).isEmpty();
    says(MEASURED);
    assertThat(at(37)).isEmpty();
    writes("profile_export_aiperf.csv");
    assertThat(at(39)).isEmpty();
  }

  @Test
  void limitsTheStartUpFromTheStartOfTheProcess() throws IOException {
    says(STARTING);
    writes("inputs.json");
    assertThat(at(3)).isEmpty();
    says("Registered: Worker");
    assertThat(at(4)).isEmpty();
    says("Registered: Worker");
    assertThat(at(5)).contains("timed out in start-up: its limit of 5m passed");
  }

  @Test
  void limitsTheWarmUpAndTellsHowFarItGot() throws IOException {
    says(WARMING_UP);
    requests("warmup", 7);
    assertThat(at(2)).isEmpty();
    assertThat(at(31)).isEmpty();
    assertThat(at(32))
        .contains("timed out in warm-up, 7 of 20 requests done: its limit of 30m passed");
  }

  @Test
  void limitsTheMeasuredPhaseAndCountsItsRequestsOnly() throws IOException {
    says(WARMING_UP);
    requests("warmup", 20);
    assertThat(at(1)).isEmpty();
    says(MEASURING);
    requests("profiling", 1_204);
    assertThat(at(2)).isEmpty();
    assertThat(at(4))
        .contains("timed out in measuring, 1,204 requests done: its limit of 2m passed");
  }

  @Test
  void limitsTheExport() throws IOException {
    watch = watch(Duration.ofMinutes(60), Duration.ofMinutes(30));
    says(MEASURED);
    assertThat(at(1)).isEmpty();
    assertThat(at(10)).isEmpty();
    assertThat(at(11)).contains("timed out in export: its limit of 10m passed");
  }

  @Test
  void takesSilenceForDeathInStartUp() throws IOException {
    says(STARTING);
    assertThat(at(0)).isEmpty();
    assertThat(at(2)).isEmpty();
    assertThat(at(3))
        .contains("timed out in start-up: nothing new in any of its files for 3m (no_progress)");
  }

  @Test
  void takesSilenceForDeathInExport() throws IOException {
    says(MEASURED);
    assertThat(at(50)).isEmpty();
    assertThat(at(53))
        .contains("timed out in export: nothing new in any of its files for 3m (no_progress)");
  }

  @Test
  void takesSilenceForDeathBeforeAnythingWasWritten() {
    assertThat(at(0)).isEmpty();
    assertThat(at(3))
        .contains(
            "timed out before its first phase line: nothing new in any of its files for 3m"
                + " (no_progress)");
  }

  @Test
  void takesAnyNewByteInTheFolderForLife() throws IOException {
    says(MEASURED);
    assertThat(at(40)).isEmpty();
    writes("profile_export_aiperf.json");
    assertThat(at(42)).isEmpty();
    writes("profile_export_aiperf.json");
    assertThat(at(44)).isEmpty();
    assertThat(at(46)).isEmpty();
    assertThat(at(47)).isPresent();
  }

  @Test
  void doesNotTakeSilenceForDeathWhileTheModelIsAsked() throws IOException {
    watch = watch(Duration.ofMinutes(60), Duration.ofMinutes(1));
    says(WARMING_UP);
    assertThat(at(1)).isEmpty();
    assertThat(at(30)).as("a silent warm-up").isEmpty();
    says(MEASURING);
    assertThat(at(31)).isEmpty();
    assertThat(at(32)).as("a silent measured phase").isEmpty();
  }

  @Test
  void countsTheSumOfTheLimitsWhenNoPhaseLineIsKnown() throws IOException {
    says("an aiperf of another wording");
    assertThat(at(0)).isEmpty();
    assertThat(at(59)).isEmpty();
    assertThat(at(60)).contains("timed out before its first phase line: its limit of 1h passed");
  }

  @Test
  void countsTheLimitOfTheWholeRunInEveryPhase() throws IOException {
    says(WARMING_UP);
    assertThat(at(31)).isEmpty();
    says(MEASURING);
    requests("profiling", 3);
    assertThat(at(59)).isEmpty();
    assertThat(at(60)).contains("timed out in measuring, 3 requests done: its limit of 1h passed");
  }

  @Test
  void readsALineThatComesInPieces() throws IOException {
    append("stdout.log", MEASURED.substring(0, 20));
    assertThat(at(1)).isEmpty();
    append("stdout.log", MEASURED.substring(20) + "\n");
    assertThat(at(2)).isEmpty();
    assertThat(at(12).orElseThrow()).startsWith("timed out in export");
  }

  @Test
  void findsThePhaseBehindManyMegabytesOfOutput() throws IOException {
    append("stdout.log", "0123456789abcdef0123456789abcdef\n".repeat(300_000));
    says(MEASURED);
    assertThat(at(1)).isEmpty();
    assertThat(at(11).orElseThrow()).startsWith("timed out in export");
  }

  @Test
  void countsHonestlyInARequestLogTooLongToBeReadAtOnce() throws IOException {
    says(MEASURING);
    assertThat(at(1)).isEmpty();
    append("profile_export.jsonl", line("profiling", "x".repeat(1_000)).repeat(40_000));
    assertThat(at(3).orElseThrow())
        .matches("timed out in measuring, more than 3\\d,\\d{3} requests done: .*");
  }

  @Test
  void takesNoLifeFromEarlierAttempts() throws IOException {
    Files.createDirectories(folder.resolve("attempts/1"));
    says(STARTING);
    assertThat(at(0)).isEmpty();
    writes("attempts/1/stdout.log");
    assertThat(at(3)).isPresent();
  }

  private PhaseWatchdog watch(Duration whole, Duration noProgress) {
    Map<RunPhase, Duration> phases =
        Map.of(
            RunPhase.START_UP, Duration.ofMinutes(5),
            RunPhase.WARM_UP, Duration.ofMinutes(30),
            RunPhase.MEASURING, Duration.ofMinutes(2),
            RunPhase.EXPORT, Duration.ofMinutes(10));
    return new PhaseWatchdog(
        new RunFolder(folder),
        new TimeLimits(phases, noProgress, new TimeLimits.Whole(whole, "its limit of 1h")));
  }

  private Optional<String> at(int minutes) {
    return watch.overdue(Duration.ofMinutes(minutes));
  }

  private void says(String line) throws IOException {
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
