package dev.caravan.observe.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.pipeline.process.PidNamespace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackFolderTest {

  @TempDir private Path parent;

  /** A process that unpacks a file, says so, and waits. */
  static final class Unpacker {

    /** Takes the parent folder. */
    public static void main(String[] args) throws IOException {
      UnpackFolder.in(Path.of(args[0])).create("a/results.csv").close();
      System.out.write('1');
      System.out.flush();
      System.in.read();
    }
  }

  private Process unpacker() throws IOException {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Unpacker.class.getName(),
                parent.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    InputStream out = process.getInputStream();
    assertThat(out.read()).isEqualTo('1');
    return process;
  }

  @Test
  void isGoneAfterTheProgramWasToldToEnd() throws Exception {
    // given
    Process process = unpacker();
    assertThat(entries()).hasSize(1);

    // when
    process.destroy();
    process.waitFor();

    // then
    assertThat(entries()).isEmpty();
  }

  @Test
  void isRemovedByTheNextOneAfterAKill() throws Exception {
    // given
    Process killed = unpacker();
    killed.destroyForcibly().waitFor();
    Process running = unpacker();
    Path other = Files.createDirectory(parent.resolve("caravan-compare-mine"));
    assertThat(entries()).as("the one that runs").hasSize(2);

    // when
    try (UnpackFolder folder = UnpackFolder.in(parent)) {
      // then
      assertThat(entries()).hasSize(3).contains(folder.path(), other);
    } finally {
      running.destroyForcibly().waitFor();
    }
  }

  /** Their pids are not those of processes that we see. */
  @Test
  void leavesThoseOfOtherContainersAloneForAWeek() throws Exception {
    // given
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    String prefix = "caravan-compare-" + ended.pid() + "-";
    Path used = Files.createDirectory(parent.resolve(prefix + otherContainer() + "-1"));
    Path ofEarlierVersion = Files.createDirectory(parent.resolve(prefix + "1"));
    Path left = Files.createDirectory(parent.resolve(prefix + otherContainer() + "-2"));
    Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofDays(8))));

    // when
    try (UnpackFolder folder = UnpackFolder.in(parent)) {
      // then
      assertThat(entries()).containsExactlyInAnyOrder(folder.path(), used, ofEarlierVersion);
    }
  }

  private static String otherContainer() {
    return PidNamespace.tag().equals("0000") ? "0001" : "0000";
  }

  @Test
  void takesNoFileAfterItWasDeleted() throws Exception {
    // given
    UnpackFolder folder = UnpackFolder.in(parent);
    folder.close();

    // when, then
    assertThatThrownBy(() -> folder.create("a")).isInstanceOf(IOException.class);
    assertThat(entries()).isEmpty();
  }

  private List<Path> entries() throws IOException {
    try (Stream<Path> entries = Files.list(parent)) {
      return entries.toList();
    }
  }
}
