package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.testing.CapturedLog;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections and streams end, and none of them keeps others from being served. */
class HttpLimitsTest {

  private static final String GET = "GET / HTTP/1.1\r\nHost: localhost\r\n";
  private static final int STREAMS = 6;
  private static final long LARGE = 1L << 30;

  @TempDir private Path folder;

  private final List<Socket> sockets = new ArrayList<>();
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    start(TestServer.REQUEST_TIME);
  }

  private void start(Duration requestTime) throws Exception {
    Routes routes =
        new Routes()
            .on("GET", "/", (request, path) -> HttpResponse.html(200, "root"))
            .on("POST", "/", (request, path) -> HttpResponse.html(200, "posted"))
            .on("GET", "/gone", (request, path) -> file(folder.resolve("gone"), 9))
            .on("GET", "/large", (request, path) -> file(large(), LARGE))
            .on("GET", "/bytes", (request, path) -> HttpResponse.of(200, "x/y", new byte[32 << 20]))
            .on("GET", "/slow", (request, path) -> slow())
            .on("GET", "/events", (request, path) -> HttpResponse.pageEvents())
            .on("GET", "/api/v1/events", (request, path) -> events());
    server = new TestServer(folder, routes, TestServer.limits(30, STREAMS, requestTime));
  }

  @AfterEach
  void stop() throws Exception {
    for (Socket socket : sockets) {
      socket.close();
    }
    server.close();
  }

  /** A server that ends what clients leave undone only after this time. */
  private void restart(Duration requestTime) throws Exception {
    server.close();
    start(requestTime);
  }

  private static HttpResponse events() {
    return new HttpResponse(
        200,
        java.util.Map.of("Content-Type", "text/event-stream"),
        new HttpResponse.Events(Optional.of("0"), ""));
  }

  private static HttpResponse file(Path file, long length) {
    return new HttpResponse(200, java.util.Map.of(), new HttpResponse.FileRange(file, 0, length));
  }

  private Path large() throws Exception {
    Path file = folder.resolve("large");
    try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
      content.setLength(LARGE);
    }
    return file;
  }

  private static HttpResponse slow() {
    long end = System.nanoTime() + TestServer.REQUEST_TIME.multipliedBy(3).toNanos();
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
    return HttpResponse.html(200, "slow");
  }

  private Socket open(String text) throws Exception {
    Socket socket = server.connect(text);
    sockets.add(socket);
    return socket;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "G",
        "GET / HTTP/1.1\r\nHost: localhost\r\nX: ",
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf",
        "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nha",
      })
  void closesAConnectionThatBringsNoWholeRequest(String half) throws Exception {
    Socket socket = open(half);

    assertThat(socket.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void closesAConnectionThatSendsItsRequestByteByByte() throws Exception {
    Socket socket = open(GET);
    await()
        .pollInterval(TestServer.REQUEST_TIME.dividedBy(6))
        .until(
            () -> {
              try {
                socket.getOutputStream().write('X');
                return false;
              } catch (java.io.IOException e) {
                return true;
              }
            });
  }

  @Test
  void closesAConnectionThatIsIdleAfterARequest() throws Exception {
    Socket socket = open(GET + "\r\n");

    assertThat(new String(socket.getInputStream().readAllBytes())).endsWith("root");
  }

  @Test
  void servesOthersWhileHalfRequestsTakeAllConnections() throws Exception {
    for (int n = 0; n < 120; n++) {
      open("GET / HTTP/1.1\r\n");
      if (n % 20 == 0) {
        assertThat(server.get("/").body()).isEqualTo("root");
      }
    }
    assertThat(server.get("/").body()).isEqualTo("root");
    assertThat(server.connections()).isLessThanOrEqualTo(30);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/events", "/api/v1/events"})
  void countsAStreamUntilItsClientLeaves(String path) throws Exception {
    server.events.events().changed(new PipelineChange.WorkerJoined("a", List.of()));
    for (int round = 0; round < 40; round++) {
      // when: some leave at once, some after the first line, some by a reset
      Socket socket = open("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
      if (round % 3 > 0) {
        new BufferedReader(new InputStreamReader(socket.getInputStream())).readLine();
      }
      if (round % 2 == 0) {
        socket.setSoLinger(true, 0);
      }
      socket.close();
    }

    // then
    await().untilAsserted(() -> assertThat(server.streams.open()).isZero());
    assertThat(open("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getInputStream().read())
        .isEqualTo('H');
    await().until(() -> server.streams.open() == 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/events", "/api/v1/events"})
  void asksAProxyToPassAStreamOnAtOnce(String path) throws Exception {
    var stream = open("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getInputStream();

    assertThat(
            new BufferedReader(new InputStreamReader(stream)).lines().takeWhile(l -> !l.isBlank()))
        .contains("X-Accel-Buffering: no");
  }

  @Test
  void refusesOneStreamTooManyAndStillServesPages() throws Exception {
    for (int n = 0; n < STREAMS; n++) {
      open(
          "GET "
              + (n % 2 == 0 ? "/events" : "/api/v1/events")
              + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
    await().until(() -> server.streams.open() == STREAMS);

    var refused = server.get("/events");

    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("retry-after")).isPresent();
    assertThat(refused.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(server.get("/").body()).isEqualTo("root");
  }

  @Test
  void keepsAStreamOpenLongerThanARequestMayTake() throws Exception {
    BufferedReader stream =
        new BufferedReader(
            new InputStreamReader(
                open("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n").getInputStream()));
    await().pollDelay(TestServer.REQUEST_TIME.multipliedBy(2)).until(() -> true);

    server.events.events().changed(new PipelineChange.WorkerJoined("late", List.of()));

    assertThat(stream.lines().anyMatch(line -> line.contains("late"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/large", "/bytes"})
  void closesAConnectionWhoseClientTakesNothing(String path) throws Exception {
    open("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await().until(() -> server.connections() == 1);

    await().until(() -> server.connections() == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/large", "/bytes"})
  void servesAClientThatTakesItSlowly(String path) throws Exception {
    // given
    Duration writeTime = TestServer.REQUEST_TIME.multipliedBy(4);
    restart(writeTime.dividedBy(2));
    InputStream in = open("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getInputStream();
    // when
    for (int n = 0; n < 16; n++) {
      assertThat(in.readNBytes(1 << 20)).hasSize(1 << 20);
      await().pollDelay(writeTime.dividedBy(12)).until(() -> true);
    }
    // then
    assertThat(in.readNBytes(15 << 20)).hasSize(15 << 20);
  }

  @Test
  void holdsNoMoreOfAllBodiesThanTheirBudget() throws Exception {
    // given: two requests that are not whole
    restart(Duration.ofMinutes(10));
    byte[] part = new byte[2 << 20];
    for (int n = 0; n < 2; n++) {
      Socket socket = open("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000000\r\n\r\n");
      socket.getOutputStream().write(part);
    }
    await().until(() -> server.bodyBytes() == 2 * part.length);

    // when
    var refused = server.post("/", part);

    // then
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("retry-after")).isPresent();
    assertThat(server.post("/", new byte[10]).statusCode()).isEqualTo(200);

    // when
    for (Socket socket : sockets) {
      socket.close();
    }

    // then
    await().until(() -> server.post("/", part).statusCode() == 200);
  }

  @Test
  void answersForAFileThatIsGone() throws Exception {
    var response = server.get("/gone");

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(server.get("/").body()).isEqualTo("root");
  }

  @Test
  void takesItsTimeForARequestThatWasSentBehindAnother() throws Exception {
    Socket socket =
        open(GET + "\r\nGET /slow HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    assertThat(new String(socket.getInputStream().readAllBytes()))
        .contains("root")
        .endsWith("slow");
  }

  @Test
  void closesAtOnceWhileClientsHoldConnections() throws Exception {
    // given
    restart(Duration.ofMinutes(10));
    for (String path : List.of("/events", "/api/v1/events", "/large", "/slow")) {
      open("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
    open("GET / HTTP/1.1\r\n");
    await().until(() -> server.streams.open() == 2 && server.connections() == 5);

    try (CapturedLog log = CapturedLog.of(WebServer.class)) {
      // when
      server.close();

      // then
      assertThat(log.lines()).as("it says so when it gives up").isEmpty();
    }
  }
}
