package dev.caravan.pipeline.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.pipeline.process.ProcessExit.How;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process with a watchdog. */
@Timeout(30)
@Tag("timing")
class WatchdogTest {

  private static final Duration SHORT = Duration.ofMillis(600);

  @TempDir Path folder;
  private final List<Duration> elapsedTimes = new ArrayList<>();

  @Test
  void endsAnOverdueProcessWithTheWatchdogsMessage() {
    // when
    ProcessExit exit =
        run(
            watched(
                elapsed ->
                    Optional.of("timed out in warm-up").filter(message -> overdue(elapsed))));
    // then
    assertThat(exit.how()).isEqualTo(How.TIMED_OUT);
    assertThat(exit.message()).isEqualTo("timed out in warm-up");
    assertThat(exit.returnCode()).isEqualTo(-9);
    assertThat(exit.duration()).isBetween(SHORT, SHORT.plusSeconds(2));
  }

  @Test
  void callsTheWatchdogSeveralTimesASecondWithTheElapsedTime() {
    // when
    run(watched(this::overdueAfter2Seconds));
    // then: every 250 ms, with room for a slow machine
    assertThat(elapsedTimes).hasSizeBetween(2, 8).isSorted();
    assertThat(elapsedTimes.get(0)).isBetween(Duration.ofMillis(250), Duration.ofSeconds(1));
  }

  @Test
  void doesNotCallTheWatchdogForAShortRun() {
    // when
    ProcessExit exit = run(Processes.shell(folder, "exit 4").watchedBy(this::neverOverdue));
    // then
    assertThat(exit.returnCode()).isEqualTo(4);
    assertThat(elapsedTimes).isEmpty();
  }

  @Test
  void doesNotDelayAShortRun() {
    // when: the best of five, because the machine may be busy
    Duration shortest =
        IntStream.range(0, 5)
            .mapToObj(i -> run(Processes.shell(folder, "exit").watchedBy(this::neverOverdue)))
            .map(ProcessExit::duration)
            .min(Comparator.naturalOrder())
            .orElseThrow();
    // then: much less than the polling interval
    assertThat(shortest).isLessThan(Duration.ofMillis(100));
  }

  @Test
  void asksTheWatchdogForAMessageWhenTheLimitPasses() {
    // given
    Launch launch =
        Processes.fake(folder, "fake-hang-ignoring-all", SHORT, Duration.ZERO)
            .watchedBy(
                elapsed -> Optional.of("its limit passed").filter(message -> overdue(elapsed)));
    // when
    ProcessExit exit = run(launch);
    // then
    assertThat(exit.how()).isEqualTo(How.TIMED_OUT);
    assertThat(exit.message()).isEqualTo("its limit passed");
  }

  @Test
  void prefersTheStopSignalOverTheLimit() {
    // given
    StopSignal stop = new StopSignal();
    Watchdog stopping =
        elapsed -> {
          stop.stop("cancelled by ops");
          return Optional.of("timed out");
        };
    // when
    ProcessExit exit = new ProcessRunner().run(watched(stopping), stop);
    // then
    assertThat(exit.how()).isEqualTo(How.STOPPED);
    assertThat(exit.message()).isEqualTo("cancelled by ops");
  }

  @Test
  void leavesNothingBehindWhenTheWatchdogFails() {
    // given
    AtomicReference<ProcessRecord> record = new AtomicReference<>();
    Launch launch =
        watched(
            elapsed -> {
              throw new IllegalStateException("a bug");
            });
    // when
    assertThatThrownBy(() -> new ProcessRunner().run(launch, new StopSignal(), record::set))
        // then
        .hasMessage("a bug");
    assertThat(Processes.isAlive(record.get().pid())).isFalse();
    assertThat(folder.resolve("t")).doesNotExist();
  }

  private Launch watched(Watchdog watchdog) {
    return Processes.fake(folder, "fake-hang-ignoring-all", Processes.MINUTE, Duration.ZERO)
        .watchedBy(watchdog);
  }

  private Optional<String> neverOverdue(Duration elapsed) {
    elapsedTimes.add(elapsed);
    return Optional.empty();
  }

  private Optional<String> overdueAfter2Seconds(Duration elapsed) {
    elapsedTimes.add(elapsed);
    return Optional.of("overdue").filter(message -> elapsed.toSeconds() >= 2);
  }

  private static boolean overdue(Duration elapsed) {
    return elapsed.compareTo(SHORT) >= 0;
  }

  private ProcessExit run(Launch launch) {
    return new ProcessRunner().run(launch, new StopSignal());
  }
}
