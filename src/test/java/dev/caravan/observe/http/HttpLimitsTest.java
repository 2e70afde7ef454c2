package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.testing.CapturedLog;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
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
    start(Duration.ofMinutes(10)); // which no connection here takes, however slow the machine
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

  /** A server that ends what clients leave undone after this time. */
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

  private Socket openPath(String path) throws Exception {
    return open("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }

  private static BufferedReader lines(Socket socket) throws IOException {
    return new BufferedReader(new InputStreamReader(socket.getInputStream()));
  }

  /**
   * All that the server answers until it closes the connection. It may do that before this thread,
   * held up for longer than a request may take, has sent the request: then it is less, or nothing.
   */
  private String answer(String request) throws Exception {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try {
      open(request).getInputStream().transferTo(answer);
    } catch (SocketException reset) {
      // the end as well
    }
    return answer.toString(StandardCharsets.US_ASCII);
  }

  /** What a client got, and how long it took for the part that it took longest for. */
  private record Taken(long bytes, Duration longest) {

    static final int PARTS = 31;
    static final int PART = 1 << 20;

    boolean isAll() {
      return bytes == (long) PARTS * PART;
    }
  }

  /** Takes an answer in parts, with pauses between the first ones. */
  private Taken take(String path, Duration pause) throws Exception {
    long start = System.nanoTime();
    long bytes = 0;
    Duration longest = Duration.ZERO;
    InputStream in = openPath(path).getInputStream();
    try {
      for (int part = 0; part < Taken.PARTS; part++) {
        bytes += in.readNBytes(Taken.PART).length;
        await().pollDelay(part < 16 ? pause : Duration.ZERO).until(() -> true);
        Duration taken = Duration.ofNanos(System.nanoTime() - start);
        longest = taken.compareTo(longest) > 0 ? taken : longest;
        start = System.nanoTime();
      }
    } catch (SocketException reset) {
      // the end as well
    }
    return new Taken(bytes, longest);
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
    restart(TestServer.REQUEST_TIME);

    assertThat(answer(half)).isEmpty();
  }

  @Test
  void closesAConnectionThatSendsItsRequestByteByByte() throws Exception {
    restart(TestServer.REQUEST_TIME);
    Socket socket = open(GET);
    await()
        .pollInterval(TestServer.REQUEST_TIME.dividedBy(6))
        .until(
            () -> {
              try {
                socket.getOutputStream().write('X');
                return false;
              } catch (IOException e) {
                return true;
              }
            });
  }

  @Test
  void closesAConnectionThatIsIdleAfterARequest() throws Exception {
    restart(TestServer.REQUEST_TIME);

    await().until(() -> answer(GET + "\r\n").endsWith("root"));
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
    await().until(() -> server.connections() <= 30);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/events", "/api/v1/events"})
  void countsAStreamUntilItsClientLeaves(String path) throws Exception {
    server.events.events().changed(new PipelineChange.WorkerJoined("a", List.of()));
    for (int round = 0; round < 40; round++) {
      // when: some leave at once, some after the first line, some by a reset
      Socket socket = openPath(path);
      if (round % 3 > 0) {
        lines(socket).readLine();
      }
      if (round % 2 == 0) {
        socket.setSoLinger(true, 0);
      }
      socket.close();
    }

    // then
    await().untilAsserted(() -> assertThat(server.streams.open()).isZero());
    assertThat(openPath(path).getInputStream().read()).isEqualTo('H');
    await().until(() -> server.streams.open() == 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/events", "/api/v1/events"})
  void asksAProxyToPassAStreamOnAtOnce(String path) throws Exception {
    assertThat(lines(openPath(path)).lines().takeWhile(line -> !line.isBlank()))
        .contains("X-Accel-Buffering: no");
  }

  @Test
  void refusesOneStreamTooManyAndStillServesPages() throws Exception {
    for (int n = 0; n < STREAMS; n++) {
      openPath(n % 2 == 0 ? "/events" : "/api/v1/events");
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
    restart(TestServer.REQUEST_TIME);
    BufferedReader stream = await().until(this::begunStream, Optional::isPresent).orElseThrow();
    await().pollDelay(TestServer.REQUEST_TIME.multipliedBy(2)).until(() -> true);

    server.events.events().changed(new PipelineChange.WorkerJoined("late", List.of()));

    assertThat(stream.lines().anyMatch(line -> line.contains("late"))).isTrue();
  }

  /** Empty if this thread was held up before it had sent the request. */
  private Optional<BufferedReader> begunStream() throws Exception {
    BufferedReader stream = lines(openPath("/api/v1/events"));
    try {
      return Optional.ofNullable(stream.readLine()).map(status -> stream);
    } catch (SocketException reset) {
      return Optional.empty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/large", "/bytes"})
  void closesAConnectionWhoseClientTakesNothing(String path) throws Exception {
    restart(TestServer.REQUEST_TIME);
    await().until(() -> isAnswered(openPath(path)));

    await().until(() -> server.connections() == 0);
  }

  /** Takes the first byte. */
  private static boolean isAnswered(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() == 'H';
    } catch (SocketException reset) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/large", "/bytes"})
  void servesAClientThatTakesItSlowly(String path) throws Exception {
    // given
    Duration writeTime = TestServer.REQUEST_TIME.multipliedBy(4);
    restart(writeTime.dividedBy(2));
    // when: again if the client was held up for so long that it may be cut off
    Taken taken =
        await()
            .until(
                () -> take(path, writeTime.dividedBy(12)),
                all -> all.isAll() || all.longest().compareTo(writeTime.dividedBy(2)) < 0);
    // then
    assertThat(taken.isAll()).as("all of it, not " + taken).isTrue();
  }

  @Test
  void holdsNoMoreOfAllBodiesThanTheirBudget() throws Exception {
    // given: two requests that are not whole
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
    restart(TestServer.REQUEST_TIME);

    await()
        .until(
            () ->
                answer(
                    GET + "\r\nGET /slow HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
            answer -> answer.contains("root") && answer.endsWith("slow"));
  }

  @Test
  void closesAtOnceWhileClientsHoldConnections() throws Exception {
    // given
    for (String path : List.of("/events", "/api/v1/events", "/large", "/slow")) {
      openPath(path);
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
