package dev.caravan.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caravan.testing.Caravan;
import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.LiveTree;
import dev.caravan.testing.ProcFs;
import dev.caravan.testing.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code caravan demo --workers N} with a fake aiperf. {@code WheelIT} runs the demo without. */
class DemoIT {

  private static final String ENDS_EARLY = "The demo ends early: stopping the daemon with pid ";

  private static final String STOPPED = "INFO: Stopped\n";

  private Caravan caravan;
  private Path temp;

  @BeforeEach
  void setUp(@TempDir Path folder) {
    temp = folder.resolve("t");
    caravan = Caravan.in(folder);
  }

  @AfterEach
  void tearDown() {
    caravan.close();
  }

  @Test
  void distributesTheRunsAndLeavesNothingBehind(@TempDir Path folder) throws IOException {
    // given: an aiperf that setup chose
    Path aiperf = FakeAiperf.always(folder.resolve("bin"), "fake-sleep-2");
    Path chosen = folder.resolve("data/caravan/aiperf.path");
    Files.createDirectories(chosen.getParent());
    Files.writeString(chosen, aiperf + "\n");
    caravan.with("XDG_DATA_HOME", folder.resolve("data").toString());

    // when
    Program demo = caravan.startJar("demo", "--workers", "2");

    // then
    assertThat(demo.exit()).as(demo.err()).isZero();
    assertThat(demo.out())
        .contains("aiperf: " + aiperf)
        .contains("Worker w2 in ", "Stopped the hub, the workers", "Report: ")
        .containsPattern("concurrency4_url\\S+ +w[12] +\\S+ +succeeded +\\d+\\.\\d")
        .containsPattern("w1 [123] runs?, w2 [123] runs?: \\S+ s of run time in \\S+ s");
    assertThat(demo.err()).doesNotContain(ENDS_EARLY);
    assertThat(daemonLogs()).hasSize(3).allMatch(log -> log.contains(STOPPED));
    assertThat(chosen).content().isEqualTo(aiperf + "\n");
    assertThat(folder.resolve("data/caravan/aiperf-0.13.0")).doesNotExist();
    assertThat(ProcFs.withCommandLine(temp.toString())).isEmpty();
  }

  @Test
  void refusesAnAiperfThatDoesNotStart(@TempDir Path folder) throws IOException {
    // given: an environment whose Python is gone
    Path aiperf = FakeAiperf.always(folder.resolve("bin"), "fake-sleep-2");
    Files.writeString(aiperf, "#!/no/such/python\n");
    caravan.withAiperf(aiperf);

    // when
    Program demo = caravan.startJar("demo");

    // then
    assertThat(demo.exit()).isEqualTo(2);
    assertThat(demo.err())
        .startsWith("caravan: '" + aiperf + "' cannot be started: ")
        .endsWith(". 'caravan setup' installs a working aiperf\n");
  }

  @Test
  void leavesNothingBehindWhenInterrupted(@TempDir Path folder) throws Exception {
    assumeTrue(ProcFs.receivesSigint(), "children of a background shell do not receive SIGINT");
    // given
    caravan.withAiperf(FakeAiperf.always(folder.resolve("bin"), "fake-hang"));
    Program demo = caravan.startJar("demo", "--workers", "1");
    demo.awaitLine("Sweeping parameters");
    await().atMost(Program.TIMEOUT).until(() -> !caravan.runProcesses().isEmpty());
    // What they start has their command line, too, until it executes its own.
    assertThat(ProcFs.withCommandLine("serve\0--home\0" + temp))
        .filteredOn(member -> leadsItsSession(member.pid()))
        .as("the hub and the worker get no Ctrl-C of the terminal")
        .hasSize(2)
        .allMatch(member -> usesAnArchive(member.pid()) == usesAnArchive(demo.pid()));

    // when
    new ProcessBuilder("kill", "-INT", String.valueOf(demo.pid())).start().waitFor();

    // then
    assertThat(demo.exit()).isEqualTo(130);
    assertThat(demo.log())
        .filteredOn(line -> line.contains(ENDS_EARLY))
        .as("the hub and the worker")
        .hasSize(2);
    assertThat(daemonLogs()).hasSize(2).allMatch(log -> log.contains(STOPPED));
    assertThat(ProcFs.withCommandLine(temp.toString())).isEmpty();
    assertThat(caravan.runProcesses()).isEmpty();
  }

  @Test
  void leavesNothingBehindWhenKilled(@TempDir Path folder) throws Exception {
    // given
    caravan.withAiperf(FakeAiperf.always(folder.resolve("bin"), "fake-hang"));
    Program demo = caravan.startJar("demo", "--workers", "1");
    demo.awaitLine("Sweeping parameters");
    await().atMost(Program.TIMEOUT).until(() -> !caravan.runProcesses().isEmpty());

    // when
    new ProcessBuilder("kill", "-KILL", String.valueOf(demo.pid())).start().waitFor();

    // then: the hub and the worker stop by themselves
    await()
        .atMost(Program.TIMEOUT)
        .untilAsserted(() -> assertThat(ProcFs.withCommandLine(temp.toString())).isEmpty());
    assertThat(caravan.runProcesses()).isEmpty();
    assertThat(daemonLogs())
        .hasSize(2)
        .allMatch(log -> log.contains("Stopping (the standard input has ended)"))
        .allMatch(log -> log.contains(STOPPED));
  }

  private List<String> daemonLogs() {
    return LiveTree.files(temp).stream()
        .filter(file -> file.endsWith("daemon.log"))
        .map(LiveTree::text)
        .toList();
  }

  private static boolean leadsItsSession(long pid) {
    String stat = ProcFs.text(pid, "stat");
    String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return afterName[3].equals(String.valueOf(pid));
  }

  private static boolean usesAnArchive(long pid) {
    return ProcFs.text(pid, "cmdline").contains("-XX:SharedArchiveFile=");
  }
}
