package dev.caravan.pipeline.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The members of a tree whose root has just been started: it has no session or TMPDIR yet. */
class ProcessTreeTest {

  @TempDir private Path folder;
  private Process root;

  @BeforeEach
  void startsARootInTheSessionOfThisJvm() throws IOException {
    root = new ProcessBuilder("/bin/sleep", "600").start();
  }

  @AfterEach
  void endsTheRoot() {
    root.destroyForcibly();
  }

  @Test
  void containsARootThatHasNoSessionYet() {
    assertThat(ProcessTree.of(record(startTicks())).alive())
        .extracting(ProcessEntry::pid)
        .containsExactly(root.pid());
  }

  @Test
  void containsSuchARootOfADeadCaravan() {
    assertThat(ProcessTree.ofOrphan(record(startTicks())).alive())
        .extracting(ProcessEntry::pid)
        .containsExactly(root.pid());
  }

  @Test
  void doesNotContainAnotherProcessWithTheIdOfTheRoot() {
    // given
    ProcessRecord earlier = record(startTicks() - 1);
    // when, then
    assertThat(List.of(ProcessTree.of(earlier), ProcessTree.ofOrphan(earlier)))
        .allSatisfy(tree -> assertThat(tree.alive()).isEmpty());
  }

  private long startTicks() {
    return ProcessEntry.of(root.pid()).orElseThrow().startTicks();
  }

  private ProcessRecord record(long startTicks) {
    return new ProcessRecord(root.pid(), startTicks, "boot", folder.resolve("t"), folder);
  }
}
