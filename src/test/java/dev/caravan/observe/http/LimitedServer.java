package dev.caravan.observe.http;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** A server with few connections and streams, and the clients that hold them. */
final class LimitedServer implements AutoCloseable {

  static final String GET = "GET / HTTP/1.1\r\nHost: localhost\r\n";
  static final int STREAMS = 6;
  private static final long LARGE = 1L << 30;

  private final List<Socket> sockets = new ArrayList<>();
  private final Path folder;
  private TestServer server;

  /** Waits longer for its clients than any of a test takes, however slow the machine. */
  LimitedServer(Path folder) throws Exception {
    this.folder = folder;
    start(Duration.ofMinutes(10));
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

  /** A server that ends what clients leave undone after this time. */
  void restart(Duration requestTime) throws Exception {
    server.close();
    start(requestTime);
  }

  private static HttpResponse events() {
    return new HttpResponse(
        200,
        Map.of("Content-Type", "text/event-stream"),
        new HttpResponse.Events(Optional.of("0"), ""));
  }

  private static HttpResponse file(Path file, long length) {
    return new HttpResponse(200, Map.of(), new HttpResponse.FileRange(file, 0, length));
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

  TestServer server() {
    return server;
  }

  /** A connection that has sent this text. */
  Socket open(String text) throws Exception {
    Socket socket = server.connect(text);
    sockets.add(socket);
    return socket;
  }

  Socket openPath(String path) throws Exception {
    return open("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }

  static BufferedReader lines(Socket socket) throws IOException {
    return new BufferedReader(new InputStreamReader(socket.getInputStream()));
  }

  /**
   * All that the server answers until it closes the connection. It may do that before this thread,
   * held up for longer than a request may take, has sent the request: then it is less, or nothing.
   */
  String answer(String request) throws Exception {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try {
      open(request).getInputStream().transferTo(answer);
    } catch (SocketException reset) {
      // the end as well
    }
    return answer.toString(StandardCharsets.US_ASCII);
  }

  /** All clients leave. */
  void leave() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  @Override
  public void close() throws IOException {
    leave();
    server.close();
  }
}
