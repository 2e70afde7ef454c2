package dev.caravan.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caravan.exec.Ended.How;
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
    Ended ended = run(Processes.fake(folder, "fake-tree", SHORT, Processes.GRACE));
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
    Ended ended = run(Processes.fake(folder, "fake-leaves-tree"));
    // then
    assertThat(ended.how()).isEqualTo(How.EXITED);
    assertThat(ended.returnCode()).isZero();
    assertThat(Processes.grandchildren(folder)).hasSize(2).noneMatch(Processes::lives);
  }

  @Test
  void endsWhatWipedItsEnvironmentAsAiperfDoes() throws IOException {
    // when
    Ended ended =
        run(Processes.shell(folder, "mkdir run; env -i /bin/sleep 604 & echo $! > run/pids"));
    // then
    assertThat(ended.how()).isEqualTo(How.EXITED);
    assertThat(Processes.grandchildren(folder)).hasSize(1).noneMatch(Processes::lives);
  }

  @Test
  void remembersWhatLostAllTiesWhenItsParentTookTheSigint() throws IOException {
    assumeTrue(Processes.sigintIsHeard());
    // given: neither its session nor its environment is ours, and its parent goes first
    String script =
        "trap 'exit 0' INT; mkdir run; env -i setsid sleep 605 & echo $! > run/pids; wait";
    Launch shell = Processes.shell(folder, script);
    // when
    Ended ended = run(Processes.launch(folder, shell.argv(), SHORT, Processes.GRACE));
    // then
    assertThat(ended.returnCode()).isZero();
    assertThat(Processes.grandchildren(folder)).hasSize(1).noneMatch(Processes::lives);
  }

  @Test
  void asksBySigintFirst() throws IOException {
    assumeTrue(Processes.sigintIsHeard());
    // when
    Ended ended = run(Processes.fake(folder, "fake-export-on-sigint", SHORT, Processes.GRACE));
    // then
    assertThat(ended.how()).isEqualTo(How.TIMED_OUT);
    assertThat(ended.returnCode()).isZero();
    assertThat(folder.resolve("run/profile_export_aiperf.json"))
        .content()
        .contains("\"was_cancelled\": true");
  }

  @Test
  void sendsSigintToTheMainProcessOnly() throws IOException {
    assumeTrue(Processes.sigintIsHeard());
    // given
    String child = "trap 'echo child heard' INT; sleep 600 & wait";
    String script = "trap 'echo main heard; exit 7' INT; /bin/sh -c \"" + child + "\" & wait";
    Launch shell = Processes.shell(folder, script);
    // when
    Ended ended = run(Processes.launch(folder, shell.argv(), SHORT, Processes.GRACE));
    // then
    assertThat(ended.returnCode()).isEqualTo(7);
    assertThat(folder.resolve("stdout.log")).hasContent("main heard\n");
  }

  @Test
  void killsAtOnceWithoutAGrace() {
    // when
    Ended ended = run(Processes.fake(folder, "fake-export-on-sigint", SHORT, Duration.ZERO));
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
    Ended ended = run(launch);
    // then
    assertThat(ended.returnCode()).isEqualTo(-9);
    assertThat(ended.duration()).isLessThan(SHORT.plusSeconds(1));
  }

  @Test
  void asksBySigintOnceItCanTakeIt() throws IOException {
    assumeTrue(Processes.sigintIsHeard());
    // given
    Launch launch =
        Processes.fake(folder, "fake-hang", SHORT, Processes.GRACE)
            .interruptibleFrom(AiperfCommand.TAKES_INTERRUPT);
    // when
    Ended ended = run(launch);
    // then
    assertThat(ended.returnCode()).isEqualTo(-2);
  }

  @Test
  void stopsByOrder() {
    // given
    StopSignal stop = new StopSignal();
    // when
    Ended ended =
        runner.run(
            Processes.fake(folder, "fake-hang-ignoring-all", Processes.MINUTE, Duration.ZERO),
            stop,
            started -> stop.stop("cancelled by a person"));
    // then
    assertThat(ended.how()).isEqualTo(How.STOPPED);
    assertThat(ended.words()).isEqualTo("cancelled by a person");
    assertThat(ended.returnCode()).isEqualTo(-9);
  }

  @Test
  void startsNothingAfterAnOrderToStop() {
    // given
    StopSignal stop = new StopSignal();
    stop.stop("Ctrl-C");
    // when
    Ended ended = runner.run(Processes.fake(folder, "fake-ok"), stop);
    // then
    assertThat(ended.how()).isEqualTo(How.STOPPED);
    assertThat(ended.words()).isEqualTo("Ctrl-C");
    assertThat(ended.ran()).isFalse();
    assertThat(folder.resolve("stdout.log")).doesNotExist();
  }

  @Test
  void endsTheTreeWhenItsThreadIsInterrupted() throws Exception {
    // given
    AtomicReference<Ended> ended = new AtomicReference<>();
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
    assertThat(ended.get().words()).contains("interrupted");
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

  @Test
  void endsWhatADeadCaravanLeftAndNothingElse() throws IOException {
    // given: a tree that nobody follows, and a stranger with the same parent
    Launch launch = Processes.fake(folder, "fake-tree");
    Files.createDirectory(launch.temp());
    Process left = startOnly(launch);
    await().until(() -> Processes.grandchildren(folder).size() == 3);
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Process stranger = startOnly(Processes.shell(elsewhere, "exec sleep 600"));
    // when
    int ended = ProcessRunner.endLeftBehind(record(left, launch, bootId()));
    // then: main, its sleep and three grandchildren
    assertThat(ended).isEqualTo(5);
    assertThat(Processes.grandchildren(folder)).noneMatch(Processes::lives);
    assertThat(Processes.lives(left.pid())).isFalse();
    assertThat(launch.temp()).doesNotExist();
    assertThat(stranger.isAlive()).isTrue();
    stranger.destroyForcibly();
  }

  @Test
  void findsALeftoverThatHasOnlyItsSessionAndItsFolder() throws Exception {
    // given: as an aiperf whose main process was killed
    String script = "mkdir run; env -i /bin/sleep 606 & echo $! > run/pids; read -r line < gate";
    Launch launch = Processes.shell(folder, script);
    assertThat(new ProcessBuilder("mkfifo", folder + "/gate").start().waitFor()).isZero();
    Process main = startOnly(launch);
    ProcessRecord record = record(main, launch, bootId());
    await().until(() -> Processes.grandchildren(folder).size() == 1);
    main.destroyForcibly().waitFor();
    // when, then
    assertThat(ProcessRunner.endLeftBehind(record)).isEqualTo(1);
    assertThat(Processes.grandchildren(folder)).noneMatch(Processes::lives);
  }

  @Test
  void takesNoProcessForALeftoverThatOnlyGotItsNumber() throws IOException {
    // given
    Launch launch = Processes.shell(folder, "cd /; unset TMPDIR; exec sleep 600");
    Process now = startOnly(launch);
    ProcessRecord old = record(now, launch, bootId());
    ProcessRecord earlier =
        new ProcessRecord(
            old.pid(), old.startTicks() - 1, old.bootId(), folder.resolve("x"), folder);
    // when, then
    await().until(() -> Processes.showing("sleep\u0000600", "cmdline").contains(now.pid()));
    assertThat(ProcessRunner.endLeftBehind(earlier)).isZero();
    assertThat(ProcessRunner.endLeftBehind(record(now, launch, "another boot"))).isZero();
    assertThat(now.isAlive()).isTrue();
    assertThat(ProcessRunner.endLeftBehind(old)).isEqualTo(1);
  }

  private Ended run(Launch launch) {
    return runner.run(launch, new StopSignal());
  }

  private static ProcessRecord record(Process process, Launch launch, String bootId) {
    long ticks = ProcessEntry.of(process.pid()).orElseThrow().startTicks();
    return new ProcessRecord(process.pid(), ticks, bootId, launch.temp(), launch.directory());
  }

  private static String bootId() throws IOException {
    return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
  }

  private static Process startOnly(Launch launch) {
    try {
      return ProcessStarter.start(launch);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
