package dev.caravan.pipeline.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caravan.pipeline.process.ProcessExit.How;
import dev.caravan.testing.Proc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How processes are ended: by their limit, by order, by interruption, and after a normal exit. */
@Timeout(30)
class EndingTest {

  private static final Duration SHORT = Duration.ofMillis(400);

  @TempDir Path folder;
  private final ProcessRunner runner = new ProcessRunner();

  @Test
  void endsTheWholeTreeWithin8SecondsOfTheLimit() throws IOException {
    // when
    ProcessExit ended = run(Processes.fake(folder, "fake-tree", SHORT, Processes.GRACE));
    // then
    assertThat(ended.how()).isEqualTo(How.TIMED_OUT);
    assertThat(ended.returnCode()).isEqualTo(-9);
    assertThat(ended.duration()).isBetween(Processes.GRACE, SHORT.plusSeconds(8));
    assertThat(Processes.grandchildren(folder)).hasSize(3).noneMatch(Processes::lives);
    assertThat(folder.resolve("t")).doesNotExist();
  }

  @Test
  void endsWhatANormalExitLeavesBehind() throws IOException {
    // when
    ProcessExit ended = run(Processes.fake(folder, "fake-leaves-tree"));
    // then
    assertThat(ended.how()).isEqualTo(How.EXITED);
    assertThat(ended.returnCode()).isZero();
    assertThat(Processes.grandchildren(folder)).hasSize(2).noneMatch(Processes::lives);
  }

  @Test
  void endsWhatWipedItsEnvironmentAsAiperfDoes() throws IOException {
    // given
    String script =
        "mkdir run; env -i /bin/sleep 604 & echo $! > run/pids;"
            + " while grep -q TMPDIR /proc/$!/environ; do :; done";
    // when
    ProcessExit ended = run(Processes.shell(folder, script));
    // then
    assertThat(ended.how()).isEqualTo(How.EXITED);
    assertThat(Processes.grandchildren(folder)).hasSize(1).noneMatch(Processes::lives);
  }

  @Test
  void remembersWhatLostAllTiesWhenItsParentTookTheSigint() throws IOException {
    assumeTrue(Proc.hearsInterrupts());
    // given: neither its session nor its environment is ours, and its parent goes first
    String script =
        "trap 'exit 0' INT; mkdir run; env -i setsid sleep 605 & echo $! > run/pids; wait";
    Launch shell = Processes.shell(folder, script);
    // when
    ProcessExit ended = run(Processes.launch(folder, shell.argv(), SHORT, Processes.GRACE));
    // then
    assertThat(ended.returnCode()).isZero();
    assertThat(Processes.grandchildren(folder)).hasSize(1).noneMatch(Processes::lives);
  }

  @Test
  void asksBySigintFirst() throws IOException {
    assumeTrue(Proc.hearsInterrupts());
    // when
    ProcessExit ended =
        run(Processes.fake(folder, "fake-export-on-sigint", SHORT, Processes.GRACE));
    // then
    assertThat(ended.how()).isEqualTo(How.TIMED_OUT);
    assertThat(ended.returnCode()).isZero();
    assertThat(folder.resolve("run/profile_export_aiperf.json"))
        .content()
        .contains("\"was_cancelled\": true");
  }

  @Test
  void sendsSigintToTheMainProcessOnly() throws IOException {
    assumeTrue(Proc.hearsInterrupts());
    // given
    String child = "trap 'echo child heard' INT; sleep 600 & wait";
    String script = "trap 'echo main heard; exit 7' INT; /bin/sh -c \"" + child + "\" & wait";
    Launch shell = Processes.shell(folder, script);
    // when
    ProcessExit ended = run(Processes.launch(folder, shell.argv(), SHORT, Processes.GRACE));
    // then
    assertThat(ended.returnCode()).isEqualTo(7);
    assertThat(folder.resolve("stdout.log")).hasContent("main heard\n");
  }

  @Test
  void killsAtOnceWithoutAGrace() {
    // when
    ProcessExit ended = run(Processes.fake(folder, "fake-export-on-sigint", SHORT, Duration.ZERO));
    // then
    assertThat(ended.returnCode()).isEqualTo(-9);
    assertThat(ended.duration()).isLessThan(SHORT.plusSeconds(1));
  }

  @Test
  void killsAtOnceWhatCannotTakeSigintYet() {
    // given
    Launch launch =
        Processes.fake(folder, "fake-hang-in-start", SHORT, Processes.GRACE)
            .interruptibleFrom(AiperfCommand.TAKES_INTERRUPT);
    // when
    ProcessExit ended = run(launch);
    // then
    assertThat(ended.returnCode()).isEqualTo(-9);
    assertThat(ended.duration()).isLessThan(SHORT.plusSeconds(1));
  }

  @Test
  void asksBySigintOnceItCanTakeIt() throws IOException {
    assumeTrue(Proc.hearsInterrupts());
    // given
    Launch launch =
        Processes.fake(folder, "fake-hang", SHORT, Processes.GRACE)
            .interruptibleFrom(AiperfCommand.TAKES_INTERRUPT);
    // when
    ProcessExit ended = run(launch);
    // then
    assertThat(ended.returnCode()).isEqualTo(-2);
  }

  @Test
  void stopsByOrder() {
    // given
    StopSignal stop = new StopSignal();
    // when
    ProcessExit ended =
        runner.run(
            Processes.fake(folder, "fake-hang-ignoring-all", Processes.MINUTE, Duration.ZERO),
            stop,
            started -> stop.stop("cancelled by a person"));
    // then
    assertThat(ended.how()).isEqualTo(How.STOPPED);
    assertThat(ended.message()).isEqualTo("cancelled by a person");
    assertThat(ended.returnCode()).isEqualTo(-9);
  }

  @Test
  void startsNothingAfterAnOrderToStop() {
    // given
    StopSignal stop = new StopSignal();
    stop.stop("Ctrl-C");
    // when
    ProcessExit ended = runner.run(Processes.fake(folder, "fake-ok"), stop);
    // then
    assertThat(ended.how()).isEqualTo(How.STOPPED);
    assertThat(ended.message()).isEqualTo("Ctrl-C");
    assertThat(ended.ran()).isFalse();
    assertThat(folder.resolve("stdout.log")).doesNotExist();
  }

  @Test
  void endsTheTreeWhenItsThreadIsInterrupted() throws Exception {
    // given
    AtomicReference<ProcessExit> ended = new AtomicReference<>();
    AtomicReference<Boolean> flag = new AtomicReference<>();
    Launch launch = Processes.fake(folder, "fake-tree", Processes.MINUTE, Duration.ZERO);
    Thread thread =
        new Thread(
            () -> {
              ended.set(run(launch));
              flag.set(Thread.currentThread().isInterrupted());
            });
    thread.start();
    await().until(() -> Processes.grandchildren(folder).size() == 3);
    // when
    thread.interrupt();
    thread.join();
    // then
    assertThat(ended.get().how()).isEqualTo(How.STOPPED);
    assertThat(ended.get().message()).contains("interrupted");
    assertThat(flag.get()).isTrue();
    assertThat(Processes.grandchildren(folder)).noneMatch(Processes::lives);
    assertThat(folder.resolve("t")).doesNotExist();
  }

  @Test
  void endsTheTreeWhenItCannotBeWrittenDown() {
    // given
    AtomicReference<ProcessRecord> record = new AtomicReference<>();
    Launch launch = Processes.fake(folder, "fake-hang-ignoring-all");
    // when
    assertThatThrownBy(
            () ->
                runner.run(
                    launch,
                    new StopSignal(),
                    started -> {
                      record.set(started);
                      throw new IllegalStateException("disk full");
                    }))
        // then
        .hasMessage("disk full");
    assertThat(Processes.lives(record.get().pid())).isFalse();
    assertThat(folder.resolve("t")).doesNotExist();
  }

  @Test
  void goesOnWhenTheThreadThatAskedForTheStartEnds() throws Exception {
    // given: a child that wants to die with the thread that started it, as our launcher does
    String script =
        "import ctypes, time; ctypes.CDLL(None).prctl(1, 9, 0, 0, 0); open('armed', 'w');"
            + " time.sleep(600)";
    Launch launch =
        Processes.launch(
            folder, List.of(Python.path(), "-c", script), Processes.MINUTE, Processes.GRACE);
    AtomicReference<Process> process = new AtomicReference<>();
    Thread thread =
        new Thread(
            () -> {
              process.set(startOnly(launch));
              await().until(() -> Files.exists(folder.resolve("armed")));
            });
    // when
    thread.start();
    thread.join();
    // then
    await()
        .during(Duration.ofMillis(500))
        .atMost(Duration.ofSeconds(5))
        .until(() -> process.get().isAlive());
    process.get().destroyForcibly();
  }

  private ProcessExit run(Launch launch) {
    return runner.run(launch, new StopSignal());
  }

  private static Process startOnly(Launch launch) {
    try {
      return ProcessStarter.start(launch);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
