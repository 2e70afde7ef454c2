package dev.caravan.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramTest {

  @TempDir private Path folder;

  @Test
  void runsNoMoreOnceItIsClosedNorDoesWhatItStarted() throws IOException {
    // given
    for (int round = 0; round < 20; round++) {
      Path pid = folder.resolve("pid" + round);
      String script = "(sh -c 'echo $$ > \"$0\"; exec sleep 77' \"$0\") & wait";
      Process process = new ProcessBuilder("/bin/sh", "-c", script, pid.toString()).start();
      Program program = new Program(process, folder.resolve("out"));
      Results.eventually().until(() -> Files.exists(pid) && Files.size(pid) > 0);
      // when
      program.close();
      // then
      long child = Long.parseLong(Files.readString(pid).strip());
      assertThat(List.of(program.isRunning(), ProcFs.isAlive(child))).containsOnly(false);
    }
  }
}
