package dev.caravan.tools.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The hub that the {@code caravan} script runs once to know which classes to archive. */
@Timeout(60)
class CaravanArchiveTest {

  /**
   * Serves until SIGTERM, then lists its classes. It reports on the config that it gets once there
   * is a file {@code java.works}.
   */
  private static final String FAKE_JAVA =
      """
      #!/bin/sh
      echo "$@" >> "$0.options"
      for option; do
        case $option in
          -XX:DumpLoadedClassList=*) list=${option#*=} ;;
          -XX:SharedClassListFile=*) classes=$(cat "${option#*=}") ;;
          -XX:SharedArchiveFile=*) archive=${option#*=} ;;
        esac
        [ "$before" != --home ] || home=$option
        before=$option
      done
      [ "$classes" ] && { echo "$classes" > "$archive"; exit 0; }
      [ "$list" ] || { echo "$@"; exit 0; }
      trap '{ echo classes; grep -o "url: .*" "$home/inbox/config.yaml"; } > "$list"; rm "$0.pid"; exit 143' TERM
      echo $$ > "$0.pid"
      : > "$0.ready"
      echo "INFO: Pages: http://127.0.0.1:1234/"
      while /bin/sleep 0.1; do
        if [ -e "$0.works" ] && [ -e "$home/inbox/config.yaml" ]; then
          mkdir -p "$home/aiperf_results/benchmark/1"
          touch "$home/aiperf_results/benchmark/1/report.html"
        fi
      done
      """;

  @TempDir Path temp;
  private CaravanCheckout checkout;
  private Path java;

  @BeforeEach
  void makeCheckout() throws IOException {
    checkout = new CaravanCheckout(temp);
    checkout.source("one");
    java = checkout.jdk("jvm/jdk-17", "17.0.15").resolve("bin/java");
    FakePython.script(java, FAKE_JAVA);
  }

  @Test
  void isStoppedWhenItHasRunItsConfig() throws Exception {
    // given
    Files.createFile(java.resolveSibling("java.works"));

    // when
    CaravanCheckout.Result run = checkout.caravan("run");

    // then
    assertThat(run.out()).contains("-XX:SharedArchiveFile=" + checkout.archives().get(0));
    assertThat(checkout.archives().get(0)).hasContent("classes\nurl: http://127.0.0.1:1234");
    assertThat(java.resolveSibling("java.pid")).doesNotExist();
  }

  @Test
  void archivesClassesForTheHeapThatCommandsHave() throws Exception {
    // given
    Files.createFile(java.resolveSibling("java.works"));
    Files.writeString(temp.resolve("meminfo"), "MemTotal:       1055762868 kB\n");

    // when
    checkout.caravan("run");

    // then: with a heap of another size, pointers would have another width
    assertThat(java.resolveSibling("java.options"))
        .content()
        .hasLineCount(3)
        .doesNotContainPattern("(?m)^(?!.*-XX:MaxRAM=32g)");
  }

  @Test
  void isStoppedWhenItDoesNotRunItsConfig() throws Exception {
    // given: waits between looks that take no time, once Java can be stopped
    FakePython.script(
        checkout.tools().resolve("sleep"),
        """
        #!/bin/sh
        [ "$1" = 0.1 ] || exit 0
        until [ -e "JAVA.ready" ]; do /bin/sleep 0.05; done
        """
            .replace("JAVA", java.toString()));

    // when
    CaravanCheckout.Result run = checkout.caravan("run");

    // then
    assertThat(run.out()).contains("-XX:SharedArchiveFile=" + checkout.archives().get(0));
    assertThat(java.resolveSibling("java.pid")).doesNotExist();
  }

  @Test
  void isStartedOnceWhenSeveralStartAtOnce() throws Exception {
    // given
    Process first = checkout.start(checkout.top(), List.of(), "./caravan", "run");
    await().until(() -> Files.exists(java.resolveSibling("java.pid")));

    // when
    CaravanCheckout.Result second = checkout.caravan("run");
    Files.createFile(java.resolveSibling("java.works"));

    // then
    assertThat(second.out()).contains("run").doesNotContain("-XX:SharedArchiveFile");
    assertThat(first.waitFor()).isZero();
    assertThat(checkout.archives()).hasSize(1);
  }

  @Test
  void isStartedAgainAfterAKill() throws Exception {
    // given
    Files.createFile(java.resolveSibling("java.works"));
    checkout.caravan("run");
    Path archive = checkout.archives().get(0);
    Path left = Path.of(archive.toString().replaceFirst("-\\d+\\.jsa$", ".77.new"));
    Files.move(archive, left);
    Files.setLastModifiedTime(left, FileTime.from(Instant.now().minusSeconds(600)));

    // when
    checkout.caravan("run");

    // then
    assertThat(checkout.archives()).hasSize(1);
  }

  @Test
  void isNotStartedWhereNoFileCanBeMade() throws Exception {
    // given
    FakePython.script(
        checkout.tools().resolve("touch"),
        "#!/bin/sh\ncase $1 in *.new) exit 1 ;; esac\nexec /bin/touch \"$@\"\n");

    // when
    CaravanCheckout.Result run = checkout.caravan("run");

    // then
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("run").doesNotContain("-XX:SharedArchiveFile");
    assertThat(checkout.archives()).isEmpty();
  }

  @Test
  void isNotStartedWhereNoTemporaryFolderCanBeMade() throws Exception {
    // when
    CaravanCheckout.Result run =
        checkout.run(checkout.top(), List.of("TMPDIR=/proc/none"), "./caravan", "run");

    // then
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).doesNotContain("mktemp");
    assertThat(checkout.archives()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"TERM,143", "HUP,129"})
  void isStoppedWithTheScript(String signal, int code) throws Exception {
    // given
    Path scratch = Files.createDirectory(temp.resolve("scratch"));
    Process script =
        checkout.start(checkout.top(), List.of("TMPDIR=" + scratch), "./caravan", "run");
    Path pid = java.resolveSibling("java.pid");
    await().until(() -> Files.exists(pid));

    // when
    new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " " + script.pid()).start().waitFor();

    // then
    assertThat(script.waitFor()).isEqualTo(code);
    assertThat(pid).doesNotExist();
    assertThat(scratch).isEmptyDirectory();
    assertThat(checkout.archives()).isEmpty();
  }
}
