package dev.caravan.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.testing.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A crowd of bad HTTP clients while runs are executed: readers of event streams that reset their
 * connections, and sockets with half a request that stay open.
 */
class HttpCrowdIT {

  private static final int RESETS = 2000;
  private static final int HALF_REQUESTS = 1200;
  private static final Duration LEAVE_TIME = Program.TIMEOUT;

  private final Experiment experiment = new Experiment("http crowd");
  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void losesNeitherRunsNorReadersNorFiles(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder)
      throws Exception {
    // given
    int runs = experiment.size(60, 1000);
    List<Socket> crowd = new ArrayList<>();
    try (Testbed testbed = new Testbed(folder, 1)) {
      Program daemon = testbed.startDaemon().awaitLine("Watching");
      URI address = URI.create(testbed.caravan().http());
      assertThat(status(address)).isEqualTo(200);
      long filesBefore = files(daemon);

      // when
      testbed.submit(runs, "fake-ok", 0);
      for (int n = 0; n < RESETS; n++) {
        Socket reader =
            open(address, n % 2 == 0 ? "GET /events" : "GET /api/v1/events?after=0", "\r\n");
        if (n % 3 == 0) {
          assertThat(reader.getInputStream().read()).isEqualTo('H');
        }
        reader.setSoLinger(true, 0);
        reader.close();
      }
      for (int n = 0; n < HALF_REQUESTS; n++) {
        crowd.add(open(address, "GET /", ""));
      }
      int statusInTheCrowd = status(address);
      long filesInTheCrowd = files(daemon);
      testbed.awaitSettled(daemon, Duration.ofMinutes(20));
      long start = System.nanoTime();
      await().atMost(LEAVE_TIME).until(() -> readers(address).equals("0.0"));
      await().atMost(LEAVE_TIME).until(() -> files(daemon) < filesBefore + 50);
      double seconds = (System.nanoTime() - start) / 1e9;

      // then
      Ledger.Findings found = testbed.ledger().check(testbed.home());
      experiment.report(
          "%s; %d resets of event streams and %d half requests: open files %d before, %d in the crowd, %d after (%.0f s after the last run); readers counted after: %s"
              .formatted(
                  found.summary(),
                  RESETS,
                  HALF_REQUESTS,
                  filesBefore,
                  filesInTheCrowd,
                  files(daemon),
                  seconds,
                  readers(address)));
      assertThat(statusInTheCrowd).isEqualTo(200);
      assertThat(found.lost()).isEmpty();
      assertThat(found.outcomes()).containsOnlyKeys("succeeded");
    } finally {
      for (Socket socket : crowd) {
        socket.close();
      }
    }
  }

  private static Socket open(URI address, String request, String end) throws IOException {
    Socket socket = new Socket(address.getHost(), address.getPort());
    String text = request + " HTTP/1.1\r\nHost: localhost\r\n" + end;
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private int status(URI address) throws Exception {
    return http.send(
            HttpRequest.newBuilder(address.resolve("/api/v1/status")).build(),
            BodyHandlers.discarding())
        .statusCode();
  }

  private String readers(URI address) throws Exception {
    return http.send(
            HttpRequest.newBuilder(address.resolve("/observe/metrics")).build(),
            BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith("caravan_http_readers "))
        .map(line -> line.substring(line.indexOf(' ') + 1))
        .findFirst()
        .orElse("none");
  }

  private static long files(Program daemon) {
    try (Stream<Path> all = Files.list(Path.of("/proc", daemon.pid() + "", "fd"))) {
      return all.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
