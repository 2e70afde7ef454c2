package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.pipeline.outcome.Recording;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Reads parser that AIPerf 0.13.0 printed. */
class PhaseParserTest {

  private static final String STARTING =
      "19:50:13.526 INFO     Starting AIPerf System (_single_run.py:81)";
  private static final String WARMUP_STARTED =
      "19:50:14.901 NOTICE   Phase warmup (warmup) started | phase_index=0"
          + " | target: 1,200 requests (runner.py:660)";
  private static final String WARMUP_SENT =
      "19:50:15.231 NOTICE   Phase warmup (warmup) sending complete | sent=2, completed=1,"
          + " in_flight=1 | sessions: sent=2, completed=1 (runner.py:1103)";
  private static final String WARMUP_COMPLETE =
      "19:50:15.526 NOTICE   Phase warmup (warmup) complete | completed=2, cancelled=0, errors=0"
          + " | sessions: completed=2, cancelled=0 | elapsed=0.62s (runner.py:1226)";
  private static final String MEASURING_STARTED =
      "19:50:15.527 NOTICE   Phase profiling (profiling) started | phase_index=1"
          + " | profiling_index=0 | target: 3.0s duration (runner.py:660)";
  private static final String MEASURING_SENT =
      "19:50:18.527 NOTICE   Phase profiling (profiling) sending complete | sent=11, completed=10,"
          + " in_flight=1 | timeout_triggered=True (runner.py:1103)";
  private static final String MEASURING_COMPLETE =
      "19:50:18.776 NOTICE   Phase profiling (profiling) complete | completed=11, cancelled=0,"
          + " errors=0 | elapsed=3.25s (runner.py:1226)";

  private final PhaseParser parser = new PhaseParser();

  @Test
  void followsARunThroughItsPhases() {
    assertThat(parser.phase()).isEmpty();
    assertThat(after(STARTING)).contains(RunPhase.START_UP);
    assertThat(after("19:50:14.170 INFO     AIPerf System is CONFIGURING (x.py:536)"))
        .contains(RunPhase.START_UP);
    assertThat(after(WARMUP_STARTED)).contains(RunPhase.WARM_UP);
    assertThat(parser.targetRequests()).isEqualTo(1_200);
    assertThat(after(WARMUP_SENT)).contains(RunPhase.WARM_UP);
    assertThat(after(WARMUP_COMPLETE)).contains(RunPhase.WARM_UP);
    assertThat(after(MEASURING_STARTED)).contains(RunPhase.MEASURING);
    assertThat(parser.targetRequests()).isZero();
    assertThat(after(MEASURING_SENT)).contains(RunPhase.MEASURING);
    assertThat(after(MEASURING_COMPLETE)).contains(RunPhase.EXPORT);
  }

  @Test
  void isInTheExportAfterACancel() {
    // given
    after(MEASURING_STARTED);
    // then
    assertThat(after("19:50:18.777 NOTICE   All credits completed (phase_orchestrator.py:358)"))
        .contains(RunPhase.EXPORT);
  }

  @Test
  void isInNoPhaseForOtherLines() {
    assertThat(after("Phase of the moon (full) started")).isEmpty();
    assertThat(after("profiling started")).isEmpty();
    assertThat(after("")).isEmpty();
  }

  @Test
  void findsTheMeasuredPhaseInRealOutput() throws IOException {
    // when: a run that was killed in the measured phase
    try (var recorded = Files.lines(Recording.folder("killed").resolve("stdout.log"))) {
      recorded.forEach(parser::read);
    }
    // then
    assertThat(parser.phase()).contains(RunPhase.MEASURING);
  }

  private Optional<RunPhase> after(String line) {
    parser.read(line);
    return parser.phase();
  }
}
