package dev.caravan.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.cli.Exit;
import dev.caravan.testing.Caravan;
import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
  void startsOnceThePortIsFreeAndServesTheHomeAloneUntilItIsKilled() throws IOException {
    // given
    int port = Caravan.freePort();
    try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(other.isBound()).isTrue();
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
    assertOnlyOneServes(again);
  }

  @Test
  void endsWhenItsHomeIsMovedAway() throws IOException {
    // given
    Program serve = caravan.serve();

    // when
    Files.move(caravan.home(), caravan.home().resolveSibling("moved"));

    // then
    assertThat(serve.exit()).as(serve.err()).isEqualTo(Exit.FAILED);
    assertThat(serve.log())
        .filteredOn(line -> line.contains("ERROR") && line.contains("Exiting because nothing"))
        .hasSize(1);
    assertThat(serve.err()).doesNotContain("\tat ");
    assertThat(caravan.home()).doesNotExist();
  }

  private void assertOnlyOneServes(Program first) {
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

    // when
    first.kill();
    Program next = caravan.serve();

    // then
    assertThat(next.isRunning()).as("it takes over the home of a killed daemon").isTrue();
  }

  /** Folder modes do not stop root, so a file of that name blocks the folder instead. */
  @Test
  void reportsAFolderThatItCannotWriteTo() {
    // given
    caravan.write("inbox", "in the way");

    // when
    Program serve = caravan.run("serve");

    // then
    assertRefused(serve, caravan.home().resolve("inbox").toString());
  }

  @Test
  void reportsAnInvalidSetting() {
    // given
    caravan.with("CARAVAN_WORKERS", "0");

    // when
    Program serve = caravan.run("serve");

    // then
    assertRefused(serve, "caravan.workers: \"0\" must be a whole number, 1 or more");
  }

  @Test
  void refusesAnUnsupportedHomeName(@TempDir Path folder) {
    // given
    caravan.close();
    caravan = Caravan.in(folder, "a ${b}");

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
