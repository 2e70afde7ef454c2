package dev.caravan.testing;

import java.io.IOException;

/** The Python that has a client of AMQP 1.0, where there is one. */
public final class Python {

  private Python() {}

  /** What {@code CARAVAN_TEST_PYTHON} names, else the usual one. */
  public static String command() {
    String named = System.getenv("CARAVAN_TEST_PYTHON");
    return named == null ? "python3" : named;
  }

  /** Whether it has python-qpid-proton. */
  public static boolean hasProton() throws IOException, InterruptedException {
    return new ProcessBuilder(command(), "-c", "import proton")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }
}
