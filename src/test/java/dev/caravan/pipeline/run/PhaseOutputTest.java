package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.pipeline.environment.Moment;
import dev.caravan.pipeline.environment.PhaseMark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhaseOutputTest {

  private static final String STARTED = "12:00:00.000 NOTICE Phase profiling (profiling) started";
  private static final String COMPLETE = "12:00:30.000 NOTICE Phase profiling (profiling) complete";

  @TempDir Path folder;
  private Path stdout;
  private PhaseOutput output;

  @BeforeEach
  void begin() throws IOException {
    stdout = Files.createFile(folder.resolve("stdout.log"));
    output = new PhaseOutput(stdout);
  }

  private void print(String text) throws IOException {
    Files.writeString(stdout, text, StandardOpenOption.APPEND);
  }

  @Test
  void notesWhenItSawAPhaseBeginAndEnd() throws IOException {
    // given
    print("Starting AIPerf System\n" + STARTED + "\n");
    output.read();
    double between = Moment.monotonicNow();
    print("GET /v1/models 200\n");
    output.read();
    print(COMPLETE + "\n");
    // when
    output.read();
    // then
    assertThat(output.marks()).extracting(PhaseMark::line).containsExactly(STARTED, COMPLETE);
    assertThat(output.marks().get(0).seen().monotonic()).isLessThan(between);
    assertThat(output.marks().get(1).notBefore()).isGreaterThan(between);
    assertThat(output.marks().get(1).seen().monotonic())
        .isGreaterThan(output.marks().get(1).notBefore());
  }

  @Test
  void aServiceThatMakesAiperfPrintPhasesFillsNoMemory() throws IOException {
    for (int i = 0; i < 200; i++) {
      print(STARTED + "\n");
      output.read();
    }
    assertThat(output.marks()).hasSize(100);
  }
}
