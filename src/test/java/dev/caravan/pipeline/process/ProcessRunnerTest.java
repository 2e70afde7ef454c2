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
  void returnsTheCodeAsPythonGivesIt(String model, int code) {
    // when
    ProcessExit ended = run(Processes.fake(folder, model));
    // then
    assertThat(ended.how()).isEqualTo(How.EXITED);
    assertThat(ended.returnCode()).isEqualTo(code);
    assertThat(ended.message()).isEmpty();
    assertThat(ended.ran()).isTrue();
    assertThat(ended.duration()).isBetween(Duration.ofNanos(1), Duration.ofSeconds(10));
    assertThat(ended.endedAt()).isAfterOrEqualTo(ended.startedAt());
  }

  @Test
  void writesOutputStraightToFilesAndForgetsWhatWasThere() throws IOException {
    // given
    Files.writeString(folder.resolve("stdout.log"), "of an earlier run, and longer\n");
    // when
    run(Processes.shell(folder, "echo out; echo err >&2"));
    // then
    assertThat(folder.resolve("stdout.log")).hasContent("out\n");
    assertThat(folder.resolve("stderr.log")).hasContent("err\n");
  }

  @Test
  void givesAnEmptyStdin() {
    // when
    run(Processes.fake(folder, "fake-show"));
    // then
    assertThat(folder.resolve("stdout.log")).content().contains("stdin: \n");
  }

  @Test
  void givesExactlyTheEnvironmentOfTheLaunch() throws IOException {
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
  void passesArgumentsThroughNoShell() {
    // given
    List<String> argv = List.of("/usr/bin/printf", "%s|", "$HOME;ls", "a b", "", "'\"\\");
    // when
    run(Processes.launch(folder, argv, Processes.MINUTE, Processes.GRACE));
    // then
    assertThat(folder.resolve("stdout.log")).hasContent("$HOME;ls|a b||'\"\\|");
  }

  @Test
  void startsItInASessionOfItsOwnUnderTheRecordedPid() throws IOException {
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
  void makesAPrivateTempFolderAndRemovesItWithAllItsContent() throws IOException {
    // given
    Path keep = Files.writeString(folder.resolve("keep"), "not to be followed");
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
  void takes200MegabytesOfOutputWithoutHoldingThem() throws IOException {
    // given
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    // when
    ProcessExit ended = run(Processes.fake(folder, "fake-print-200mb"));
    // then
    assertThat(ended.returnCode()).isZero();
    assertThat(Files.size(folder.resolve("stdout.log"))).isGreaterThan(200L << 20);
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(8 << 20);
  }

  @Test
  void saysInWordsWhyItCouldNotStart() throws IOException {
    // given
    Path plain = Files.writeString(folder.resolve("plain"), "#!/bin/sh\n");
    Path broken = Files.writeString(folder.resolve("broken"), "#!/no/such/python\n");
    assertThat(broken.toFile().setExecutable(true)).isTrue();
    // when, then
    assertThat(whyNot("/no/such/aiperf")).isEqualTo("'/no/such/aiperf' is not there");
    assertThat(whyNot("no-such-aiperf"))
        .isEqualTo("'no-such-aiperf' is in no folder of PATH (/usr/bin:/bin)");
    assertThat(whyNot(folder.toString())).isEqualTo("'" + folder + "' is not a file");
    assertThat(whyNot(plain.toString()))
        .isEqualTo("'" + plain + "' is not executable (chmod +x makes it so)");
    assertThat(whyNot(broken.toString())).contains(broken.toString(), "No such file");
    assertThat(whyNot("")).isEqualTo("no program is named");
  }

  @Test
  void doesNotStartInAFolderThatIsNotThere() {
    // given
    Path missing = folder.resolve("missing");
    Launch here = Processes.shell(folder, "true");
    Launch there =
        new Launch(
            here.argv(),
            here.environment(),
            missing,
            here.stdout(),
            here.stderr(),
            here.temp(),
            here.limit(),
            here.interruptGrace());
    // when
    ProcessExit ended = run(there);
    // then
    assertThat(ended.how()).isEqualTo(How.NOT_STARTED);
    assertThat(ended.ran()).isFalse();
    assertThat(ended.message()).isEqualTo("working directory '" + missing + "' is not there");
    assertThat(folder.resolve("t")).doesNotExist();
  }

  @Test
  void doesNotTakeOverATempFolderThatIsThere() throws IOException {
    // given
    Path other = Files.createDirectory(folder.resolve("t"));
    // when
    ProcessExit ended = run(Processes.shell(folder, "true"));
    // then
    assertThat(ended.how()).isEqualTo(How.NOT_STARTED);
    assertThat(ended.message()).isEqualTo("temporary folder '" + other + "' is there already");
    assertThat(other).exists();
  }

  private ProcessExit run(Launch launch) {
    return runner.run(launch, new StopSignal());
  }

  private String whyNot(String program) {
    ProcessExit ended =
        run(Processes.launch(folder, List.of(program), Processes.MINUTE, Processes.GRACE));
    assertThat(ended.how()).isEqualTo(How.NOT_STARTED);
    assertThat(folder.resolve("t")).doesNotExist();
    return ended.message();
  }
}
