package dev.caravan.observe.http;

import dev.caravan.observe.events.EventPipeline;
import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A web server with the routes of a test, on a free port of this machine. */
final class TestServer implements AutoCloseable {

  static final long BODY_BYTES = 5 << 20;

  /** What a request may take where a test waits for its end. */
  static final Duration REQUEST_TIME = Duration.ofMillis(600);

  private static final Duration LONG = Duration.ofMinutes(10);

  final EventPipeline events;
  final StreamLimit streams;
  private final WebServer server;
  private final HttpClient http = HttpClient.newHttpClient();

  TestServer(Path folder, Routes routes, Optional<Session> session) throws IOException {
    this(folder, routes, session, limits(100, 10, LONG));
  }

  TestServer(Path folder, Routes routes, HttpLimits limits) throws IOException {
    this(folder, routes, Optional.empty(), limits);
  }

  private TestServer(Path folder, Routes routes, Optional<Session> session, HttpLimits limits)
      throws IOException {
    this.events =
        new EventPipeline(
            new ScratchHome(folder).home, new DurableFiles(), ScratchHome.OWNER, List.of(), true);
    this.streams = new StreamLimit(limits.streams());
    this.server =
        WebServer.start(
            new WebApp(
                new AccessFilter(Set.of("localhost"), session),
                routes,
                new PageUpdates(events.feed()),
                () -> false,
                this.streams),
            "127.0.0.1",
            0,
            limits);
  }

  static HttpLimits limits(int connections, int streams, Duration requestTime) {
    return new HttpLimits(connections, streams, BODY_BYTES, requestTime);
  }

  HttpResponse<String> get(String path, String... headers) throws Exception {
    return send(java.net.http.HttpRequest.newBuilder(), path, headers);
  }

  HttpResponse<String> post(String path, byte[] body, String... headers) throws Exception {
    return send(
        java.net.http.HttpRequest.newBuilder().POST(BodyPublishers.ofByteArray(body)),
        path,
        headers);
  }

  HttpResponse<String> send(
      java.net.http.HttpRequest.Builder request, String path, String... headers) throws Exception {
    request.uri(URI.create("http://127.0.0.1:" + server.port() + path));
    request.timeout(Duration.ofMinutes(1));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  /** A connection that has sent this text. */
  Socket connect(String text) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(60_000);
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
    return socket;
  }

  int connections() {
    return server.connections();
  }

  long bodyBytes() {
    return server.bodyBytes();
  }

  @Override
  public void close() throws IOException {
    server.close();
    events.close();
  }
}
