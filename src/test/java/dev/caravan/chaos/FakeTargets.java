package dev.caravan.chaos;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.caravan.testing.Caravan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Targets that only respond to readiness probes. */
final class FakeTargets implements AutoCloseable {

  private static final byte[] MODELS =
      "{\"object\":\"list\",\"data\":[{\"id\":\"fake-ok\"}]}".getBytes(StandardCharsets.UTF_8);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Target> targets = new ArrayList<>();

  /** A server that keeps its port while it is down. */
  static final class Target {

    private final ExecutorService threads;
    private final List<Long> answers = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private final int port = Caravan.freePort(); // which is still its own when it is up again

    private Target(ExecutorService threads) {
      this.threads = threads;
      up();
    }

    /** Starts to respond. */
    synchronized void up() {
      try {
        server =
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Starts to refuse connections. */
    synchronized void down() {
      server.stop(0);
    }

    /** Whether it said that it is up between these times, in nanoseconds since 1970. */
    boolean answered(long from, long to) {
      return answers.stream().anyMatch(at -> at >= from && at <= to);
    }

    String url() {
      return "http://127.0.0.1:" + port;
    }

    private static long nanos(Instant time) {
      return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
    }

    private void answer(HttpExchange exchange) throws IOException {
      answers.add(nanos(Instant.now()));
      try (exchange) {
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, MODELS.length);
        exchange.getResponseBody().write(MODELS);
      }
    }
  }

  /** Starts this many targets. */
  FakeTargets(int count) {
    for (int i = 0; i < count; i++) {
      targets.add(new Target(threads));
    }
  }

  Target get(int index) {
    return targets.get(index);
  }

  String url(int index) {
    return targets.get(index % targets.size()).url();
  }

  int count() {
    return targets.size();
  }

  @Override
  public void close() {
    targets.forEach(Target::down);
    threads.shutdownNow();
  }
}
