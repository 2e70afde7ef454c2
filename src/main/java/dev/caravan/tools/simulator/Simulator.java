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
 * A running simulated LLM with an OpenAI-compatible API. One event loop and its timers do all the
 * work. Its behaviour is fixed when it starts; another behaviour takes another simulator.
 */
public final class Simulator implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(Simulator.class);
  private static final long PATIENCE_SECONDS = 10;

  private final Vertx vertx;
  private final SimulatorOptions options;
  private final SimulatorApi simulatorApi;
  private final int port;

  private Simulator(Vertx vertx, SimulatorOptions options, SimulatorApi simulatorApi, int port) {
    this.vertx = vertx;
    this.options = options;
    this.simulatorApi = simulatorApi;
    this.port = port;
  }

  /**
   * Starts a server and returns when it listens.
   *
   * @throws IOException when it cannot listen there, such as when the port is taken; its message is
   *     for people
   */
  public static Simulator start(SimulatorOptions options) throws IOException {
    Vertx vertx = Vertx.vertx(vertxOptions());
    SimulatorApi simulatorApi = new SimulatorApi(vertx, options);
    HttpServer server = vertx.createHttpServer(httpOptions()).requestHandler(simulatorApi.router());
    try {
      int port = await(server.listen(options.port(), options.host())).actualPort();
      return new Simulator(vertx, options, simulatorApi, port);
    } catch (IOException e) {
      stop(vertx);
      throw new IOException(
          "cannot listen on " + address(options.host(), options.port()) + ": " + e.getMessage(), e);
    }
  }

  /** The port it listens on, also when the options left the choice open. */
  public int port() {
    return port;
  }

  /** Where it is reached, without a path, such as {@code http://127.0.0.1:8100}. */
  public String url() {
    return "http://" + address(options.host(), port);
  }

  /** What it was started with. */
  public SimulatorOptions options() {
    return options;
  }

  /** What it has seen so far. */
  public RequestCounts counts() {
    return simulatorApi.counts();
  }

  /** Stops listening and cuts all connections; doing it again does nothing. */
  @Override
  public void close() {
    stop(vertx);
  }

  private static VertxOptions vertxOptions() {
    // No cache folder is made: nothing is served from files.
    FileSystemOptions files =
        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);
    return new VertxOptions()
        .setEventLoopPoolSize(1)
        .setWorkerPoolSize(1)
        .setInternalBlockingPoolSize(1)
        .setUseDaemonThread(true)
        .setFileSystemOptions(files);
  }

  /** HTTP/1.1 only, as the servers it stands in for. */
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
      LOGGER.warn("The simulated LLM did not stop cleanly: {}", e.getMessage());
    }
  }

  private static <T> T await(Future<T> future) throws IOException {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("no answer within " + PATIENCE_SECONDS + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
