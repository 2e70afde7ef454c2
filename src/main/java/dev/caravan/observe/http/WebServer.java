package dev.caravan.observe.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server of the daemon. It serves a {@link WebApp} until it is closed. */
public final class WebServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
  private static final long TIMEOUT_SECONDS = 10;
  private static final long LONGEST_ANSWER_MINUTES = 10;

  /** A comparison names 50 batches, with their names encoded twice. */
  private static final int MAX_REQUEST_LINE = 16 << 10;

  private final Vertx vertx;
  private final HttpServer server;
  private final Connections connections;
  private final BodyBudget bodies;
  private final String host;

  private WebServer(
      Vertx vertx, HttpServer server, Connections connections, BodyBudget bodies, String host) {
    this.host = host;
    this.connections = connections;
    this.bodies = bodies;
    this.vertx = vertx;
    this.server = server;
  }

  /**
   * Starts to serve; returns once the server accepts connections.
   *
   * @throws IOException if it cannot listen there
   */
  public static WebServer start(WebApp app, String host, int port) throws IOException {
    return start(app, host, port, HttpLimits.ofProcess());
  }

  static WebServer start(WebApp app, String host, int port, HttpLimits limits) throws IOException {
    Vertx vertx = Vertx.vertx(vertxOptions());
    Connections connections = new Connections(limits);
    BodyBudget bodies = new BodyBudget(limits.bodyBytes());
    HttpServer server =
        vertx
            .createHttpServer(httpOptions())
            .connectionHandler(connections::opened)
            .requestHandler(new WebRouter(app, vertx, connections, bodies).router());
    vertx.setPeriodic(limits.sweep().toMillis(), id -> connections.closeLate());
    try {
      await(server.listen(port, host));
      return new WebServer(vertx, server, connections, bodies, host);
    } catch (IOException e) {
      stop(vertx);
      throw e;
    }
  }

  /** The port it listens on, also if it was started with port 0. */
  public int port() {
    return server.actualPort();
  }

  /** Where a browser on this host finds the pages; a wildcard address is no place to go to. */
  public String url() {
    return url(host, port());
  }

  static String url(String host, int port) {
    String name = host.equals("0.0.0.0") || host.equals("::") ? "localhost" : host;
    return "http://" + (name.contains(":") ? "[" + name + "]" : name) + ":" + port + "/";
  }

  /** The number of open connections. */
  int connections() {
    return connections.count();
  }

  /** The bytes that the bodies of all requests in progress take. */
  long bodyBytes() {
    return bodies.taken();
  }

  /** Never throws: what is closed after this must be closed, too. */
  @Override
  public void close() {
    try {
      stop(vertx);
    } catch (IOException e) {
      LOG.warn("The HTTP server did not stop: {}", e.getMessage());
    }
  }

  private static VertxOptions vertxOptions() {
    FileSystemOptions files = // no cache folder: resources are read by Assets
        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);
    return new VertxOptions()
        .setEventLoopPoolSize(2)
        .setUseDaemonThread(true)
        .setMaxWorkerExecuteTime(LONGEST_ANSWER_MINUTES)
        .setMaxWorkerExecuteTimeUnit(TimeUnit.MINUTES)
        .setFileSystemOptions(files);
  }

  /** HTTP/1.1 only: each connection then has at most one request at a time. */
  private static HttpServerOptions httpOptions() {
    return new HttpServerOptions()
        .setHttp2ClearTextEnabled(false)
        .setHandle100ContinueAutomatically(true)
        .setMaxInitialLineLength(MAX_REQUEST_LINE)
        .setIdleTimeout((int) LONGEST_ANSWER_MINUTES)
        .setIdleTimeoutUnit(TimeUnit.MINUTES);
  }

  private static void stop(Vertx vertx) throws IOException {
    await(vertx.close());
  }

  private static <T> void await(Future<T> future) throws IOException {
    try {
      future.toCompletionStage().toCompletableFuture().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("no response within " + TIMEOUT_SECONDS + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
