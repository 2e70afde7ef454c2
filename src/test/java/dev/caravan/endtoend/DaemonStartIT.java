package dev.caravan.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Caravan;
import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code caravan serve} where it cannot start: it says why, with exit 2, and leaves nothing. */
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
  void namesThePortThatIsTaken() throws IOException {
    // given
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = other.getLocalPort();
      caravan.with("CARAVAN_HTTP_PORT", String.valueOf(port));

      // when
      Program serve = caravan.run("serve");

      // then
      refused(serve, "cannot use HTTP port " + port + " on 127.0.0.1", "caravan.http.port");
    }

    // when
    Program again = caravan.serve();

    // then
    assertThat(again.isRunning()).isTrue();
  }

  @Test
  void namesTheCaravanThatHasTheHome() {
    // given
    Program first = caravan.serve();

    // when
    Program second = caravan.run("serve");

    // then
    refused(
        second, "another Caravan serves the home " + caravan.home() + " (pid " + first.pid() + ")");
    assertThat(first.isRunning()).isTrue();
  }

  @Test
  void takesTheHomeOfAKilledCaravan() {
    // given
    caravan.serve().kill();

    // when
    Program next = caravan.serve();

    // then
    assertThat(next.isRunning()).isTrue();
  }

  /** Folder modes do not stop root, so a file stands in the way instead. */
  @ParameterizedTest
  @CsvSource({"inbox", "inbox/.claimed", ".caravan"})
  void namesTheFolderThatItCannotWriteInto(String folder) {
    // given
    caravan.write(folder, "in the way");

    // when
    Program serve = caravan.run("serve");

    // then
    refused(serve, caravan.home().resolve(folder).toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CARAVAN_WORKERS | 0 | caravan.workers: \"0\" is no whole number from 1 on",
        "CARAVAN_HTTP_PORT | 70000 | caravan.http.port: no port is above 65535",
        "CARAVAN_INBOX_SETTLE | soon | caravan.inbox.settle: ",
        "CARAVAN_AIPERF_KEY_PASSING | loud | launcher",
      })
  void namesTheSettingThatIsWrong(String variable, String value, String message) {
    // given
    caravan.with(variable, value);

    // when
    Program serve = caravan.run("serve");

    // then
    refused(serve, message);
  }

  @ParameterizedTest
  @CsvSource({"a ${b}", "a {{b}}", "a?b", "a\\b"})
  void saysThatAHomeCannotBeCalledSo(String name, @TempDir Path folder) {
    // given
    caravan.close();
    caravan = Caravan.in(folder, name);

    // when
    Program serve = caravan.run("serve");

    // then
    refused(serve, caravan.home().toString(), "must not hold");
  }

  @Test
  void namesTheUnknownPropertyOfItsFile() {
    // given
    caravan.write("caravan.properties", "caravan.worker = 2\n");

    // when
    Program serve = caravan.run("serve");

    // then
    refused(serve, "caravan.properties", "caravan.worker", "did you mean", "caravan.workers");
  }

  private void refused(Program serve, String... message) {
    assertThat(serve.exit()).as(serve.err()).isEqualTo(2);
    assertThat(serve.age()).isLessThan(Duration.ofSeconds(5));
    assertThat(serve.lastLine()).contains(message);
    assertThat(serve.err()).doesNotContain("\tat ");
    assertThat(serve.log()).isEqualTo(List.of(serve.lastLine()));
  }
}
