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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that somebody looks after. */
@Timeout(30)
class WatchdogTest {

  private static final Duration SHORT = Duration.ofMillis(600);

  @TempDir Path folder;
  private final List<Duration> asked = new ArrayList<>();

  @Test
  void endsWhatIsOverdueWithTheWordsOfItsWatch() {
    // when
    ProcessExit ended =
        run(watched(running -> Optional.of("timed out in warm-up").filter(w -> late(running))));
    // then
    assertThat(ended.how()).isEqualTo(How.TIMED_OUT);
    assertThat(ended.message()).isEqualTo("timed out in warm-up");
    assertThat(ended.returnCode()).isEqualTo(-9);
    assertThat(ended.duration()).isBetween(SHORT, SHORT.plusSeconds(2));
  }

  @Test
  void asksTheWatchSeveralTimesASecondHowLongItHasRun() {
    // when
    run(watched(this::stopsAfter2Seconds));
    // then: every 250 ms, with room for a slow machine
    assertThat(asked).hasSizeBetween(2, 8).isSorted();
    assertThat(asked.get(0)).isBetween(Duration.ofMillis(250), Duration.ofSeconds(1));
  }

  @Test
  void doesNotAskAboutAShortRun() {
    // when
    ProcessExit ended = run(Processes.shell(folder, "exit 4").watchedBy(this::isAsked));
    // then
    assertThat(ended.returnCode()).isEqualTo(4);
    assertThat(asked).isEmpty();
  }

  @Test
  void makesAShortRunNoSlower() {
    // when: the best of five, since the machine may be busy
    Duration shortest =
        IntStream.range(0, 5)
            .mapToObj(i -> run(Processes.shell(folder, "exit").watchedBy(this::isAsked)))
            .map(ProcessExit::duration)
            .min(Comparator.naturalOrder())
            .orElseThrow();
    // then: far less than the time between two looks
    assertThat(shortest).isLessThan(Duration.ofMillis(100));
  }

  @Test
  void asksForWordsWhenTheLaunchsOwnLimitPasses() {
    // given
    Launch launch =
        Processes.fake(folder, "fake-hang-ignoring-all", SHORT, Duration.ZERO)
            .watchedBy(running -> Optional.of("its limit passed").filter(w -> late(running)));
    // when
    ProcessExit ended = run(launch);
    // then
    assertThat(ended.how()).isEqualTo(How.TIMED_OUT);
    assertThat(ended.message()).isEqualTo("its limit passed");
  }

  @Test
  void prefersTheOrderToStopOverTheLimit() {
    // given
    StopSignal stop = new StopSignal();
    Watchdog orders =
        running -> {
          stop.stop("cancelled by a person");
          return Optional.of("timed out");
        };
    // when
    ProcessExit ended = new ProcessRunner().run(watched(orders), stop);
    // then
    assertThat(ended.how()).isEqualTo(How.STOPPED);
    assertThat(ended.message()).isEqualTo("cancelled by a person");
  }

  @Test
  void leavesNothingBehindWhenItsWatchFails() {
    // given
    AtomicReference<ProcessRecord> record = new AtomicReference<>();
    Launch launch =
        watched(
            running -> {
              throw new IllegalStateException("a bug");
            });
    // when
    assertThatThrownBy(() -> new ProcessRunner().run(launch, new StopSignal(), record::set))
        // then
        .hasMessage("a bug");
    assertThat(Processes.lives(record.get().pid())).isFalse();
    assertThat(folder.resolve("t")).doesNotExist();
  }

  private Launch watched(Watchdog watch) {
    return Processes.fake(folder, "fake-hang-ignoring-all", Processes.MINUTE, Duration.ZERO)
        .watchedBy(watch);
  }

  private Optional<String> isAsked(Duration running) {
    asked.add(running);
    return Optional.empty();
  }

  private Optional<String> stopsAfter2Seconds(Duration running) {
    asked.add(running);
    return Optional.of("over").filter(w -> running.toSeconds() >= 2);
  }

  private static boolean late(Duration running) {
    return running.compareTo(SHORT) >= 0;
  }

  private ProcessExit run(Launch launch) {
    return new ProcessRunner().run(launch, new StopSignal());
  }
}
