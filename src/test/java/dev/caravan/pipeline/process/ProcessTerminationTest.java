package dev.caravan.pipeline.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caravan.pipeline.process.ProcessExit.How;
import dev.caravan.testing.ProcFs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes end by their limit, by a stop signal, by an interruption, or by a normal exit. */
@Tag("timing")
class ProcessTerminationTest {

  private static final Duration SHORT = Duration.ofMillis(400);

  @TempDir Path folder;
  private final ProcessRunner runner = new ProcessRunner();

  @Test
  void endsTheWholeTreeAfterTheGracePeriod() throws IOException {
    // given
    AtomicLong up = new AtomicLong();
    Launch launch = Processes.fake(folder, "fake-tree", SHORT, Processes.GRACE);
    // when
    ProcessExit exit =
        run(
            launch,
            () -> {
              up.set(System.nanoTime());
              return hasPrinted(AiperfCommand.INTERRUPT_MARKER);
            });
    Duration took = Duration.ofNanos(System.nanoTime() - up.get());
    // then: and not after a second one
    assertThat(exit.how()).isEqualTo(How.TIMED_OUT);
    assertThat(exit.returnCode()).isEqualTo(-9);
    assertThat(took).isBetween(Processes.GRACE, Processes.GRACE.multipliedBy(2));
    assertThat(Processes.grandchildren(folder)).hasSize(3).noneMatch(Processes::isAlive);
    assertThat(folder.resolve("t")).doesNotExist();
  }

  @Test
  void killsProcessesLeftAfterANormalExit() throws IOException {
    // when
    ProcessExit exit = run(Processes.fake(folder, "fake-leaves-tree"));
    // then
    assertThat(exit.how()).isEqualTo(How.EXITED);
    assertThat(exit.returnCode()).isZero();
    assertThat(Processes.grandchildren(folder)).hasSize(2).noneMatch(Processes::isAlive);
  }

  @Test
  void killsProcessesThatWipeTheirEnvironmentLikeAiperf() throws IOException {
    // given
    String script =
        "mkdir run; env -i /bin/sleep 604 & echo $! > run/pids;"
            + " while grep -q TMPDIR /proc/$!/environ; do :; done";
    // when
    ProcessExit exit = run(Processes.shell(folder, script));
    // then
    assertThat(exit.how()).isEqualTo(How.EXITED);
    assertThat(Processes.grandchildren(folder)).hasSize(1).noneMatch(Processes::isAlive);
  }

  @Test
  void remembersDetachedProcessesWhoseParentEndsOnSigint() throws IOException {
    assumeTrue(ProcFs.receivesSigint());
    // given: a process with another session and environment, whose parent ends first
    String script =
        "trap 'exit 0' INT; mkdir run; env -i setsid sleep 605 & echo $! > run/pids; wait";
    Launch shell = Processes.shell(folder, script);
    // when
    ProcessExit exit =
        run(
            Processes.launch(folder, shell.argv(), SHORT, Processes.GRACE),
            () -> Processes.grandchildren(folder).size() == 1);
    // then
    assertThat(exit.returnCode()).isZero();
    assertThat(Processes.grandchildren(folder)).hasSize(1).noneMatch(Processes::isAlive);
  }

  @Test
  void sendsSigintFirst() throws IOException {
    assumeTrue(ProcFs.receivesSigint());
    // when
    ProcessExit exit =
        run(
            Processes.fake(folder, "fake-export-on-sigint", SHORT, Processes.GRACE),
            () -> hasPrinted(AiperfCommand.INTERRUPT_MARKER));
    // then
    assertThat(exit.how()).isEqualTo(How.TIMED_OUT);
    assertThat(exit.returnCode()).isZero();
    assertThat(folder.resolve("run/profile_export_aiperf.json"))
        .content()
        .contains("\"was_cancelled\": true");
  }

  @Test
  void sendsSigintToTheMainProcessOnly() throws IOException {
    assumeTrue(ProcFs.receivesSigint());
    // given
    String child = "trap 'echo child interrupted' INT; : > ready; sleep 600 & wait";
    String script = "trap 'echo main interrupted; exit 7' INT; /bin/sh -c \"" + child + "\" & wait";
    Launch shell = Processes.shell(folder, script);
    // when
    ProcessExit exit =
        run(
            Processes.launch(folder, shell.argv(), SHORT, Processes.GRACE),
            () -> Files.exists(folder.resolve("ready")));
    // then
    assertThat(exit.returnCode()).isEqualTo(7);
    assertThat(folder.resolve("stdout.log")).hasContent("main interrupted\n");
  }

  @Test
  void killsAtOnceWithoutAGracePeriod() {
    // when
    ProcessExit exit = run(Processes.fake(folder, "fake-export-on-sigint", SHORT, Duration.ZERO));
    // then
    assertThat(exit.returnCode()).isEqualTo(-9);
    assertThat(exit.duration()).isLessThan(Processes.MINUTE);
  }

  @Test
  void killsAtOnceBeforeTheProcessHandlesSigint() {
    // given
    Launch launch =
        Processes.fake(folder, "fake-hang-in-start", SHORT, Processes.MINUTE)
            .interruptibleAfter(AiperfCommand.INTERRUPT_MARKER);
    // when
    ProcessExit exit = run(launch);
    // then: it ignores SIGINT
    assertThat(exit.returnCode()).isEqualTo(-9);
    assertThat(exit.duration()).isLessThan(Processes.MINUTE);
  }

  @Test
  void sendsSigintOnceTheProcessHandlesIt() throws IOException {
    assumeTrue(ProcFs.receivesSigint());
    // given
    Launch launch =
        Processes.fake(folder, "fake-hang", SHORT, Processes.GRACE)
            .interruptibleAfter(AiperfCommand.INTERRUPT_MARKER);
    // when
    ProcessExit exit = run(launch, () -> hasPrinted(AiperfCommand.INTERRUPT_MARKER));
    // then
    assertThat(exit.returnCode()).isEqualTo(-2);
  }

  @Test
  void endsOnAStopSignal() {
    // given
    StopSignal stop = new StopSignal();
    // when
    ProcessExit exit =
        runner.run(
            Processes.fake(folder, "fake-hang-ignoring-all", Processes.MINUTE, Duration.ZERO),
            stop,
            started -> stop.stop("cancelled by ops"));
    // then
    assertThat(exit.how()).isEqualTo(How.STOPPED);
    assertThat(exit.message()).isEqualTo("cancelled by ops");
    assertThat(exit.returnCode()).isEqualTo(-9);
  }

  @Test
  void startsNothingAfterAStopSignal() {
    // given
    StopSignal stop = new StopSignal();
    stop.stop("Ctrl-C");
    // when
    ProcessExit exit = runner.run(Processes.fake(folder, "fake-ok"), stop);
    // then
    assertThat(exit.how()).isEqualTo(How.STOPPED);
    assertThat(exit.message()).isEqualTo("Ctrl-C");
    assertThat(exit.ran()).isFalse();
    assertThat(folder.resolve("stdout.log")).doesNotExist();
  }

  @Test
  void endsTheTreeWhenItsThreadIsInterrupted() throws Exception {
    // given
    AtomicReference<ProcessExit> exit = new AtomicReference<>();
    AtomicReference<Boolean> flag = new AtomicReference<>();
    Launch launch = Processes.fake(folder, "fake-tree", Processes.MINUTE, Duration.ZERO);
    Thread thread =
        new Thread(
            () -> {
              exit.set(run(launch));
              flag.set(Thread.currentThread().isInterrupted());
            });
    thread.start();
    await().until(() -> Processes.grandchildren(folder).size() == 3);
    // when
    thread.interrupt();
    thread.join();
    // then
    assertThat(exit.get().how()).isEqualTo(How.STOPPED);
    assertThat(exit.get().message()).contains("interrupted");
    assertThat(flag.get()).isTrue();
    assertThat(Processes.grandchildren(folder)).noneMatch(Processes::isAlive);
    assertThat(folder.resolve("t")).doesNotExist();
  }

  @Test
  void endsTheTreeWhenItsRecordCannotBeSaved() {
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
    assertThat(Processes.isAlive(record.get().pid())).isFalse();
    assertThat(folder.resolve("t")).doesNotExist();
  }

  @Test
  void keepsRunningWhenTheThreadThatRequestedTheStartEnds() throws Exception {
    // given: a child that requests a parent-death signal, as our launcher does
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
              process.set(start(launch));
              await().until(() -> Files.exists(folder.resolve("armed")));
            });
    // when
    thread.start();
    thread.join();
    // then
    await().during(Duration.ofMillis(500)).until(() -> process.get().isAlive());
    process.get().destroyForcibly();
  }

  private ProcessExit run(Launch launch) {
    return runner.run(launch, new StopSignal());
  }

  /** The limit passes after this has become so, however long the machine takes for it. */
  private ProcessExit run(Launch launch, Callable<Boolean> isReady) {
    return runner.run(launch, new StopSignal(), started -> await().until(isReady));
  }

  private boolean hasPrinted(String text) throws IOException {
    return Files.readString(folder.resolve("stdout.log")).contains(text);
  }

  private static Process start(Launch launch) {
    try {
      return ProcessStarter.start(launch);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
