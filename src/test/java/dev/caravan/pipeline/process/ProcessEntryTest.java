package dev.caravan.pipeline.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The process table, read from {@code /proc/PID/stat}. */
class ProcessEntryTest {

  private final ProcessHandle self = ProcessHandle.current();
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"sleep", "a b", ") S 1 2 3 (", "(((", "-1 -1"})
  void doesNotTakeTheNameOfAProgramForItsFigures(String name) throws Exception {
    // given
    Path program = Files.copy(Path.of("/bin/sleep"), folder.resolve(name));
    ProcessEntry own = ProcessEntry.of(self.pid()).orElseThrow();
    // when
    Process process = new ProcessBuilder(program.toString(), "60").start();
    ProcessEntry entry = ProcessEntry.of(process.pid()).orElseThrow();
    process.destroyForcibly().waitFor();
    // then
    assertThat(entry.pid()).isEqualTo(process.pid());
    assertThat(entry.parent()).isEqualTo(own.pid());
    assertThat(entry.group()).isEqualTo(own.group());
    assertThat(entry.session()).isEqualTo(own.session());
    assertThat(entry.startTicks()).isGreaterThan(own.startTicks());
    assertThat(entry.isDead()).isFalse();
  }

  @Test
  void listsTheProcessesThatJavaKnows() {
    // given
    List<Long> known = self.parent().map(parent -> List.of(parent.pid(), self.pid())).orElseThrow();
    // when
    List<ProcessEntry> all = ProcessEntry.all();
    // then
    assertThat(all).extracting(ProcessEntry::pid).containsAll(known).doesNotHaveDuplicates();
    assertThat(all)
        .filteredOn(entry -> entry.pid() == self.pid())
        .extracting(ProcessEntry::parent)
        .containsExactly(known.get(0));
  }

  @Test
  void isEmptyForAProcessThatHasEnded() throws Exception {
    Process process = new ProcessBuilder("/bin/true").start();
    process.waitFor();
    assertThat(ProcessEntry.of(process.pid())).isEmpty();
  }
}
