package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
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
  void keepsLineBreaks() {
    assertThat(logged("Refused:\na.yaml:1:1: {}")).endsWith(" ERROR: Refused:\na.yaml:1:1: x\n");
  }

  private static String logged(String message) {
    PrintStream original = System.err;
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    try {
      System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
      Logging.configure(false, false);
      LoggerFactory.getLogger("dev.caravan.Something").error(message, "x");
    } finally {
      System.setErr(original);
      Logging.configure(false, false);
    }
    return written.toString(StandardCharsets.UTF_8);
  }
}
