package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which home the commands work on, and what they refuse for a home of another daemon. */
@ResourceLock(Resources.SYSTEM_ERR)
@ResourceLock(Resources.SYSTEM_OUT)
class HomeClientTest {

  private final List<String> requests = new ArrayList<>();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private HttpServer daemon;
  private int exit;

  @TempDir private Path folder;

  @BeforeEach
  void startDaemon() throws IOException {
    daemon = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    daemon.createContext(
        "/",
        exchange -> {
          requests.add(exchange.getRequestURI().getPath());
          byte[] body =
              "{\"id\": \"b/1/run\", \"batch\": \"b/1\", \"run_index\": 0, \"result\": \"done\"}"
                  .getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    daemon.start();
  }

  @AfterEach
  void stopDaemon() {
    daemon.stop(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "list", "cancel b", "pause", "retry b", "report b", "watch b"})
  void worksOnFilesWithoutAServer(String command) {
    // when
    execute(command + " --home " + folder);
    // then
    assertThat(requests).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"status", "list", "cancel b", "pause", "retry b", "report b", "watch b", "plan F"})
  void reachesForTheDaemonWithAServer(String command) throws IOException {
    // given
    Path file = Files.writeString(folder.resolve("c.yaml"), "batch_name: b\n");
    try (Socket closed = new Socket()) {
      closed.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)); // nobody listens
      String server = "http://127.0.0.1:" + closed.getLocalPort();
      // when
      String said = execute(command.replace("F", file.toString()) + " --server " + server);
      // then
      assertThat(said)
          .isEqualTo("caravan: cannot reach %s; is `caravan serve` running there?\n", server);
      assertThat(exit).isEqualTo(Exit.REFUSED);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "list folder, '--server lists the batches of that daemon; do not name folders'",
    "report b/1/run, 'with --server only batches can be reported, not a single run'",
    "pause b/1/run, 'only batches and services can be paused or resumed; a run can be cancelled'",
  })
  void refusesWhatADaemonDoesNotOffer(String command, String problem) {
    // when
    String said = execute(command + " --server http://127.0.0.1:" + daemon.getAddress().getPort());
    // then
    assertThat(said).isEqualTo("caravan: " + problem + "\n");
    assertThat(exit).isEqualTo(Exit.REFUSED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bench-host", "ftp://bench-host", "http:/x"})
  void refusesAServerThatIsNoUrlOfHttp(String server) {
    // when
    String said = execute("status --server " + server);
    // then
    assertThat(said).startsWith("--server must be a URL such as http://bench-host:8090\n");
    assertThat(exit).isEqualTo(Exit.REFUSED);
  }

  @ParameterizedTest
  @CsvSource({"serve, serve", "demo, demo", "run c.yaml, run"})
  void refusesAServerWithACommandThatRunsLocally(String command, String name) {
    // when
    String said = execute(command + " --server http://127.0.0.1:" + daemon.getAddress().getPort());
    // then
    assertThat(said).startsWith("--server cannot be used with `" + name + "`, which runs locally.");
    assertThat(exit).isEqualTo(Exit.REFUSED);
    assertThat(requests).isEmpty();
  }

  @Test
  void saysThatTheAnswerOfADaemonIsNoStatus() {
    // when
    String said = execute("status --server http://127.0.0.1:" + daemon.getAddress().getPort());
    // then
    assertThat(said).startsWith("caravan: the daemon's status cannot be read: ");
    assertThat(exit).isEqualTo(Exit.REFUSED);
  }

  @Test
  void namesAMissingConfigOnceForADaemonToo() {
    // when
    String said =
        execute("validate none.yaml --server http://127.0.0.1:" + daemon.getAddress().getPort());
    // then
    assertThat(said.split("none\\.yaml", -1)).as(said).hasSize(2);
    assertThat(exit).isEqualTo(Exit.REFUSED);
    assertThat(requests).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "pause, Pause all batches: done",
    "resume --target http://a:1, Resume http://a:1: done"
  })
  void answersLikeAHomeOfFiles(String command, String answer) {
    // when
    execute(command + " --server http://127.0.0.1:" + daemon.getAddress().getPort());
    // then
    assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualTo(answer + "\n");
  }

  private String execute(String command) {
    PrintStream before = System.err;
    PrintStream out = System.out;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    printed.reset();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      exit = CaravanCommand.execute(null, command.split(" "));
      return err.toString(StandardCharsets.UTF_8);
    } finally {
      System.setErr(before);
      System.setOut(out);
    }
  }
}
