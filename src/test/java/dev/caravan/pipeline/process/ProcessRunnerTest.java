package dev.caravan.pipeline.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.pipeline.process.ProcessExit.How;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessRunnerTest {

  @TempDir Path folder;
  private final ProcessRunner runner = new ProcessRunner();

  @ParameterizedTest
  @CsvSource({
    "fake-ok,0",
    "fake-exit-3,3",
    "fake-exit-255,255",
    "fake-killed-by-15,-15",
    "fake-killed-by-9,-9"
  })
  void returnsTheCodeThatPythonReports(String model, int code) {
    // when
    long before = System.nanoTime();
    ProcessExit exit = run(Processes.fake(folder, model));
    Duration took = Duration.ofNanos(System.nanoTime() - before);
    // then
    assertThat(exit.how()).isEqualTo(How.EXITED);
    assertThat(exit.returnCode()).isEqualTo(code);
    assertThat(exit.message()).isEmpty();
    assertThat(exit.ran()).isTrue();
    assertThat(exit.duration()).isBetween(Duration.ofNanos(1), took);
    assertThat(exit.endedAt()).isAfterOrEqualTo(exit.startedAt());
  }

  @Test
  void writesOutputToFilesAndReplacesEarlierContent() throws IOException {
    // given
    Files.writeString(folder.resolve("stdout.log"), "longer output of an earlier run\n");
    // when
    run(Processes.shell(folder, "echo out; echo err >&2"));
    // then
    assertThat(folder.resolve("stdout.log")).hasContent("out\n");
    assertThat(folder.resolve("stderr.log")).hasContent("err\n");
  }

  @Test
  void providesAnEmptyStdin() {
    // when
    run(Processes.fake(folder, "fake-show"));
    // then
    assertThat(folder.resolve("stdout.log")).content().contains("stdin: \n");
  }

  @Test
  void passesExactlyTheEnvironmentOfTheLaunch() throws IOException {
    // given
    String temp = folder.resolve("t").toString();
    Launch launch =
        Processes.launch(
            folder,
            List.of("/usr/bin/env"),
            Map.of("A_NAME", "with blanks = and $signs", "TMPDIR", "/elsewhere"),
            Processes.MINUTE,
            Processes.GRACE);
    // when
    run(launch);
    // then
    assertThat(Files.readAllLines(folder.resolve("stdout.log")))
        .containsExactlyInAnyOrder(
            "A_NAME=with blanks = and $signs", "TMPDIR=" + temp, "TEMP=" + temp, "TMP=" + temp);
  }

  @Test
  void passesArgumentsWithoutAShell() {
    // given
    List<String> argv = List.of("/usr/bin/printf", "%s|", "$HOME;ls", "a b", "", "'\"\\");
    // when
    run(Processes.launch(folder, argv, Processes.MINUTE, Processes.GRACE));
    // then
    assertThat(folder.resolve("stdout.log")).hasContent("$HOME;ls|a b||'\"\\|");
  }

  @Test
  void startsInItsOwnSessionWithTheRecordedPid() throws IOException {
    // given
    long[] pid = new long[1];
    // when
    runner.run(
        Processes.shell(folder, "read -r stat < /proc/$$/stat; echo $stat"),
        new StopSignal(),
        started -> pid[0] = started.pid());
    // then: pid, name, state, parent, group, session
    String[] stat = Files.readString(folder.resolve("stdout.log")).split(" ");
    assertThat(List.of(stat[0], stat[4], stat[5])).containsOnly(Long.toString(pid[0]));
    assertThat(stat[3]).isEqualTo(Long.toString(ProcessHandle.current().pid()));
  }

  @Test
  void createsAPrivateTempFolderAndRemovesItWithItsContent() throws IOException {
    // given
    Path keep = Files.writeString(folder.resolve("keep"), "must not be followed");
    String script =
        "stat -c %a \"$TMPDIR\"; cd \"$TMPDIR\"; mkdir -p a/b locked; echo x > a/b/c;"
            + " ln -s ../keep link; ln -s .. folder; echo x > locked/x; chmod 000 locked";
    // when
    run(Processes.shell(folder, script));
    // then
    assertThat(folder.resolve("stdout.log")).hasContent("700\n");
    assertThat(folder.resolve("t")).doesNotExist();
    assertThat(keep).exists();
  }

  @Test
  void handles200MegabytesOfOutputWithoutBufferingThem() throws IOException {
    // given
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    // when
    ProcessExit exit = run(Processes.fake(folder, "fake-print-200mb"));
    // then
    assertThat(exit.returnCode()).isZero();
    assertThat(Files.size(folder.resolve("stdout.log"))).isGreaterThan(200L << 20);
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(8 << 20);
  }

  @Test
  void explainsWhyItCouldNotStart() throws IOException {
    // given
    Path plain = Files.writeString(folder.resolve("plain"), "#!/bin/sh\n");
    Path broken = Files.writeString(folder.resolve("broken"), "#!/no/such/python\n");
    assertThat(broken.toFile().setExecutable(true)).isTrue();
    Path windows = Files.writeString(folder.resolve("windows"), "#!/bin/sh\r\nexit 0\r\n");
    assertThat(windows.toFile().setExecutable(true)).isTrue();
    // when, then
    assertThat(startError("/no/such/aiperf")).isEqualTo("'/no/such/aiperf' does not exist");
    assertThat(startError("no-such-aiperf"))
        .isEqualTo("'no-such-aiperf' is not on PATH (/usr/bin:/bin)");
    assertThat(startError(folder.toString())).isEqualTo("'" + folder + "' is not a file");
    assertThat(startError(plain.toString()))
        .isEqualTo("'" + plain + "' is not executable (use chmod +x)");
    assertThat(startError(broken.toString()))
        .isEqualTo("the interpreter of '" + broken + "' does not exist: '/no/such/python'");
    assertThat(startError(windows.toString()))
        .isEqualTo("'" + windows + "' has the line ends of Windows; Linux cannot execute it");
    assertThat(startError("")).isEqualTo("no program given");
  }

  @Test
  void startsAScriptWhoseInterpreterHasANameInAnotherEncoding() throws Exception {
    // given: a folder with a byte of Latin-1 in its name
    String make =
        "d=$(printf 'j\\374rgen') && mkdir \"$d\" && ln -s /bin/sh \"$d/sh\""
            + " && printf '#!%s/sh\\nexit 3\\n' \"$PWD/$d\" > script && chmod +x script";
    run(Processes.shell(folder, make));
    // when
    List<String> script = List.of(folder.resolve("script").toString());
    ProcessExit exit = run(Processes.launch(folder, script, Processes.MINUTE, Processes.GRACE));
    // then
    assertThat(exit.message()).isEmpty();
    assertThat(exit.returnCode()).isEqualTo(3);
  }

  @Test
  void doesNotStartInAMissingFolder() {
    // given
    Path missing = folder.resolve("missing");
    Launch launch = Processes.shell(folder, "true");
    Launch withMissingFolder =
        new Launch(
            launch.argv(),
            launch.environment(),
            missing,
            launch.stdout(),
            launch.stderr(),
            launch.temp(),
            launch.limit(),
            launch.interruptGrace());
    // when
    ProcessExit exit = run(withMissingFolder);
    // then
    assertThat(exit.how()).isEqualTo(How.NOT_STARTED);
    assertThat(exit.ran()).isFalse();
    assertThat(exit.message()).isEqualTo("working directory '" + missing + "' does not exist");
    assertThat(folder.resolve("t")).doesNotExist();
  }

  @Test
  void doesNotReuseAnExistingTempFolder() throws IOException {
    // given
    Path other = Files.createDirectory(folder.resolve("t"));
    // when
    ProcessExit exit = run(Processes.shell(folder, "true"));
    // then
    assertThat(exit.how()).isEqualTo(How.NOT_STARTED);
    assertThat(exit.message()).isEqualTo("temporary folder '" + other + "' already exists");
    assertThat(other).exists();
  }

  @Test
  void startsNothingWhoseArgumentsWouldArriveAltered() {
    // given half a character, which no encoding has
    List<String> argv = List.of("/bin/echo", "half \ud83d");
    // when
    ProcessExit exit = run(Processes.launch(folder, argv, Processes.MINUTE, Processes.GRACE));
    // then
    assertThat(exit.how()).isEqualTo(How.NOT_STARTED);
    assertThat(exit.message())
        .startsWith("the argument \"half \\ud83d\" cannot be passed exactly: ");
  }

  private ProcessExit run(Launch launch) {
    return runner.run(launch, new StopSignal());
  }

  private String startError(String program) {
    ProcessExit exit =
        run(Processes.launch(folder, List.of(program), Processes.MINUTE, Processes.GRACE));
    assertThat(exit.how()).isEqualTo(How.NOT_STARTED);
    assertThat(folder.resolve("t")).doesNotExist();
    return exit.message();
  }
}
