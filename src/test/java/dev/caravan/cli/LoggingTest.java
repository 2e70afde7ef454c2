package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.impl.btc.BlockedThreadChecker;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LoggingTest {

  @Test
  void replacesTerminalControlCharacters() {
    // when
    String line = logged("Refused h\u001b[31m\u009b2J\u202e\u0007.yaml: ä → {}");
    // then
    assertThat(line).endsWith(" ERROR: Refused h?[31m?2J??.yaml: ä → x\n");
  }

  @Test
  void keepsLineBreaksButIndentsWhatFollows() {
    assertThat(logged("Refused:\na.yaml:1:1: {}")).endsWith(" ERROR: Refused:\n  a.yaml:1:1: x\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\n\n", "\r", "\u0085", "\u2028", "\u2029"})
  void letsNoNameOrTracePassForALine(String lineBreak) {
    // given
    String forged = "a" + lineBreak + "2026-11-24 14:02:54 INFO: Run 1/1 completed.yaml";
    // when
    String written =
        logged(true, log -> log.error("Refused {}", forged, new IllegalStateException(forged)));
    // then
    assertThat(written).contains("IllegalStateException").contains("\n  \tat ");
    assertThat(written.split("[\n\r\u0085\u2028\u2029]"))
        .filteredOn(line -> line.startsWith("2026-11-24"))
        .isEmpty();
  }

  @Test
  void doesNotWarnOfAMachineWithoutANetworkCard() {
    // given
    Logger netty = LoggerFactory.getLogger("io.netty.util.internal.MacAddressUtil");
    // then
    assertThat(logged(false, log -> netty.warn("Failed to find a usable hardware address")))
        .isEmpty();
  }

  @Test
  void doesNotWarnOfAMachineThatStallsForSeconds() {
    // given
    Logger vertx = LoggerFactory.getLogger(BlockedThreadChecker.class);

    // then
    assertThat(logged(false, log -> vertx.warn("Thread has been blocked", new Exception())))
        .isEmpty();
  }

  private static String logged(String message) {
    return logged(false, log -> log.error(message, "x"));
  }

  private static String logged(boolean traces, Consumer<Logger> say) {
    PrintStream original = System.err;
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    try {
      System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
      Logging.configure(false, traces);
      say.accept(LoggerFactory.getLogger("dev.caravan.Something"));
    } finally {
      System.setErr(original);
      Logging.configure(false, false);
    }
    return written.toString(StandardCharsets.UTF_8);
  }
}
