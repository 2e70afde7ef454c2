package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.observe.report.BatchEntry;
import dev.caravan.observe.report.BatchTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The width and the colours of what commands print. */
class StdoutTest {

  private static final Map<String, String> XTERM = Map.of("TERM", "xterm");

  @Test
  void cutsNothingInAPipe() {
    // given
    BatchEntry entry =
        new BatchEntry(
            "night/20261124_140254",
            "/results/night/20261124_140254",
            "2026-11-24T14:02:54+01:00",
            "",
            8,
            Map.of("succeeded", 8),
            "m".repeat(70),
            "http://" + "h".repeat(50) + ":8000",
            Map.of("engine", "vllm", "zone", "the-last-word"),
            1234.5,
            "tokens/s",
            "concurrency8_" + "p".repeat(40),
            "",
            "",
            "",
            Optional.empty());
    // when
    String piped = new BatchTable(new Stdout(false, XTERM).width()).text(List.of(entry));
    // then
    assertThat(piped).contains("zone=the-last-word").doesNotContain("…");
    assertThat(new Stdout(true, Map.of("COLUMNS", "80")).width()).isEqualTo(80);
    assertThat(new Stdout(false, Map.of("COLUMNS", "100")).width()).isEqualTo(100);
  }

  @ParameterizedTest
  @CsvSource({
    "true, xterm, '', true",
    "false, xterm, '', false",
    "true, dumb, '', false",
    "true, '', '', false",
    "true, xterm, 1, false"
  })
  void usesColourOnTerminalsThatCanUnlessToldNotTo(
      boolean isTerminal, String terminal, String noColor, boolean colour) {
    Map<String, String> environment = Map.of("TERM", terminal, "NO_COLOR", noColor);
    assertThat(new Stdout(isTerminal, environment).colour()).isEqualTo(colour);
  }
}
