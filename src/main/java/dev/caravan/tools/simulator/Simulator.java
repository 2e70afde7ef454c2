package dev.caravan.tools.simulator;

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

/**
 * A running simulated LLM with an OpenAI-compatible API. A single event loop and its timers do all
 * the work. Its options are fixed when it starts.
 */
public final class Simulator implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Simulator.class);
  private static final long TIMEOUT_SECONDS = 10;

  private final Vertx vertx;
  private final SimulatorOptions options;
  private final SimulatorApi api;
  private final int port;

  private Simulator(Vertx vertx, SimulatorOptions options, SimulatorApi api, int port) {
    this.vertx = vertx;
    this.options = options;
    this.api = api;
    this.port = port;
  }

  /**
   * Starts a server and returns once it accepts connections.
   *
   * @throws IOException when it cannot listen, for example because the port is in use
   */
  public static Simulator start(SimulatorOptions options) throws IOException {
    Vertx vertx = Vertx.vertx(vertxOptions());
    SimulatorApi api = new SimulatorApi(vertx, options);
    HttpServer server = vertx.createHttpServer(httpOptions()).requestHandler(api.router());
    try {
      int port = await(server.listen(options.port(), options.host())).actualPort();
      return new Simulator(vertx, options, api, port);
    } catch (IOException e) {
      stop(vertx);
      throw new IOException(
          "cannot listen on " + address(options.host(), options.port()) + ": " + e.getMessage(), e);
    }
  }

  /** The port it listens on, also when the option was 0. */
  public int port() {
    return port;
  }

  /** Its base URL, such as {@code http://127.0.0.1:8100}. */
  public String url() {
    return "http://" + address(options.host(), port);
  }

  /** The options it was started with. */
  public SimulatorOptions options() {
    return options;
  }

  /** The request counts so far. */
  public RequestCounts counts() {
    return api.counts();
  }

  /** Stops listening and closes all connections; idempotent. */
  @Override
  public void close() {
    stop(vertx);
  }

  private static VertxOptions vertxOptions() {
    // Nothing is served from files, so no cache folder is created.
    FileSystemOptions files =
        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);
    return new VertxOptions()
        .setEventLoopPoolSize(1)
        .setWorkerPoolSize(1)
        .setInternalBlockingPoolSize(1)
        .setUseDaemonThread(true)
        .setFileSystemOptions(files);
  }

  /** HTTP/1.1 only, like the servers that it simulates. */
  private static HttpServerOptions httpOptions() {
    return new HttpServerOptions()
        .setHttp2ClearTextEnabled(false)
        .setHandle100ContinueAutomatically(true)
        .setAcceptBacklog(1024);
  }

  private static String address(String host, int port) {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  private static void stop(Vertx vertx) {
    try {
      await(vertx.close());
    } catch (IOException e) {
      LOG.warn("The simulated LLM did not stop cleanly: {}", e.getMessage());
    }
  }

  private static <T> T await(Future<T> future) throws IOException {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
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
