package dev.caravan.pipeline.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

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
import org.junit.jupiter.api.io.TempDir;

/** A process with a watchdog. */
@Tag("timing")
class WatchdogTest {

  private static final Duration SHORT = Duration.ofMillis(600);
  private static final Duration INTERVAL = Duration.ofMillis(250);

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
    assertThat(exit.duration()).isBetween(SHORT, Processes.MINUTE);
  }

  @Test
  void callsTheWatchdogSeveralTimesASecondWithTheElapsedTime() {
    // when
    run(watched(this::overdueAtTheEighthCall));
    // then: every 250 ms, as the shortest of the pauses shows on a busy machine, too
    assertThat(elapsedTimes).hasSize(8).isSorted();
    Duration shortest =
        IntStream.range(1, 8)
            .mapToObj(call -> elapsedTimes.get(call).minus(elapsedTimes.get(call - 1)))
            .min(Comparator.naturalOrder())
            .orElseThrow();
    assertThat(shortest).isBetween(INTERVAL, Duration.ofSeconds(1));
    assertThat(elapsedTimes.get(0)).isGreaterThanOrEqualTo(INTERVAL);
  }

  @Test
  void neitherDelaysAShortRunNorCallsTheWatchdogForIt() {
    // when: as often as the machine is too busy for a short run
    ProcessExit exit =
        await().until(this::unwatched, run -> run.duration().compareTo(INTERVAL) < 0);
    // then
    assertThat(exit.returnCode()).isEqualTo(4);
    assertThat(elapsedTimes).isEmpty();
  }

  private ProcessExit unwatched() {
    elapsedTimes.clear();
    return run(Processes.shell(folder, "exit 4").watchedBy(this::neverOverdue));
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

  private Optional<String> overdueAtTheEighthCall(Duration elapsed) {
    elapsedTimes.add(elapsed);
    return Optional.of("overdue").filter(message -> elapsedTimes.size() == 8);
  }

  private static boolean overdue(Duration elapsed) {
    return elapsed.compareTo(SHORT) >= 0;
  }

  private ProcessExit run(Launch launch) {
    return new ProcessRunner().run(launch, new StopSignal());
  }
}
