package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FollowHintTest {

  /** A process that follows something, says so, and waits. */
  static final class Follower {

    /** Takes whether what it follows has ended. */
    @SuppressWarnings("try")
    public static void main(String[] args) throws IOException {
      try (FollowHint hint = new FollowHint()) {
        if (args[0].equals("false")) {
          waitFor();
        }
      }
      waitFor();
    }

    private static void waitFor() throws IOException {
      System.out.write('1');
      System.out.flush();
      System.in.read();
    }
  }

  @ParameterizedTest
  @CsvSource({"INT,130,false", "TERM,143,false", "HUP,129,false", "TERM,143,true"})
  void saysAtASignalThatTheBatchGoesOnUnlessItHasEnded(String signal, int code, boolean ended)
      throws Exception {
    // given
    Process follower =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Follower.class.getName(),
                String.valueOf(ended))
            .start();
    assertThat(follower.getInputStream().read()).isEqualTo('1');

    // when
    String kill = "kill -" + signal + " " + follower.pid();
    new ProcessBuilder("/bin/sh", "-c", kill).start().waitFor();

    // then
    String err = new String(follower.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(err.contains("stopped following, not the batch")).as(err).isNotEqualTo(ended);
    assertThat(follower.waitFor()).isEqualTo(code);
  }
}
