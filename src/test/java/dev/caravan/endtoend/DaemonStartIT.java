package dev.caravan.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Caravan;
import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code caravan serve} when it cannot start: it exits with 2 and a reason, leaving nothing. */
class DaemonStartIT {

  private Caravan caravan;

  @BeforeEach
  void setUp(@TempDir Path folder) {
    caravan = Caravan.in(folder).withAiperf(FakeAiperf.in(folder.resolve("bin")));
  }

  @AfterEach
  void tearDown() {
    caravan.close();
  }

  @Test
  void reportsAPortInUse() throws IOException {
    // given
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = other.getLocalPort();
      caravan.with("CARAVAN_HTTP_PORT", String.valueOf(port));

      // when
      Program serve = caravan.run("serve");

      // then
      assertRefused(serve, "cannot use HTTP port " + port + " on 127.0.0.1", "caravan.http.port");
    }

    // when
    Program again = caravan.serve();

    // then
    assertThat(again.isRunning()).isTrue();
  }

  @Test
  void reportsAnotherDaemonInTheHome() {
    // given
    Program first = caravan.serve();

    // when
    Program second = caravan.run("serve");

    // then
    assertRefused(
        second,
        "another Caravan is already serving the home "
            + caravan.home()
            + " (pid "
            + first.pid()
            + ")");
    assertThat(first.isRunning()).isTrue();
  }

  @Test
  void takesOverTheHomeOfAKilledDaemon() {
    // given
    caravan.serve().kill();

    // when
    Program next = caravan.serve();

    // then
    assertThat(next.isRunning()).isTrue();
  }

  /** Folder modes do not stop root, so a file of that name blocks the folder instead. */
  @ParameterizedTest
  @CsvSource({"inbox", ".caravan"})
  void reportsAFolderThatItCannotWriteTo(String folder) {
    // given
    caravan.write(folder, "in the way");

    // when
    Program serve = caravan.run("serve");

    // then
    assertRefused(serve, caravan.home().resolve(folder).toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CARAVAN_WORKERS | 0 | caravan.workers: \"0\" must be a whole number, 1 or more",
        "CARAVAN_HTTP_PORT | 70000 | caravan.http.port: must be at most 65535",
        "CARAVAN_INBOX_SETTLE | soon | caravan.inbox.settle: ",
        "CARAVAN_AIPERF_KEY_PASSING | loud | launcher",
      })
  void reportsAnInvalidSetting(String variable, String value, String message) {
    // given
    caravan.with(variable, value);

    // when
    Program serve = caravan.run("serve");

    // then
    assertRefused(serve, message);
  }

  @ParameterizedTest
  @CsvSource({"a ${b}", "a {{b}}", "a?b", "a\\b"})
  void refusesAnUnsupportedHomeName(String name, @TempDir Path folder) {
    // given
    caravan.close();
    caravan = Caravan.in(folder, name);

    // when
    Program serve = caravan.run("serve");

    // then
    assertRefused(serve, caravan.home().toString(), "must not contain");
  }

  @Test
  void reportsAnUnknownProperty() {
    // given
    caravan.write("caravan.properties", "caravan.worker = 2\n");

    // when
    Program serve = caravan.run("serve");

    // then
    assertRefused(serve, "caravan.properties", "caravan.worker", "did you mean", "caravan.workers");
  }

  private void assertRefused(Program serve, String... message) {
    assertThat(serve.exit()).as(serve.err()).isEqualTo(2);
    assertThat(serve.lastLine()).contains(message);
    assertThat(serve.err()).doesNotContain("\tat ");
    assertThat(serve.log()).isEqualTo(List.of(serve.lastLine()));
  }
}
