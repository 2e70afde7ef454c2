package dev.caravan.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A target that lists its models at {@code /v1/models} and responds to completions as configured.
 * It can be stopped and restarted on the same port.
 */
public final class ScriptedLlm implements AutoCloseable {

  /** A valid chat response. */
  public static final String REPLY = "{\"object\":\"chat.completion\",\"choices\":[{\"index\":0}]}";

  private static final Pattern LIMIT = Pattern.compile("\"max\\w*_tokens\":(\\d+)");

  /** Methods and paths of all requests, in order. */
  public final List<String> requests = new CopyOnWriteArrayList<>();

  /** Bodies of the completion requests. */
  public final List<String> bodies = new CopyOnWriteArrayList<>();

  /** Authorization headers of the completion requests. */
  public final List<String> authorizations = new CopyOnWriteArrayList<>();

  /** The status of {@code /v1/models}. */
  public volatile int modelsStatus = 200;

  /** The page {@code /metrics}; empty for none. */
  public volatile String metrics = "";

  /** Once this is so, it answers one more request to {@code /v1/models} and stops. */
  public volatile BooleanSupplier stopsWhen = () -> false;

  private final int port;
  private final List<String> models;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile int status = 200;
  private volatile String body = REPLY;
  private volatile int shortLimit = -1;
  private volatile int shortStatus;
  private volatile String shortBody = "";
  private HttpServer server;

  private ScriptedLlm(List<String> models) throws IOException {
    this.models = models;
    this.server = start(Ports.choose()); // still free when it restarts
    this.port = server.getAddress().getPort();
  }

  /** Starts a target that lists these models. */
  public static ScriptedLlm serving(String... models) throws IOException {
    return new ScriptedLlm(List.of(models));
  }

  /** Sets the response to completions. */
  public ScriptedLlm respondWith(int newStatus, String newBody) {
    status = newStatus;
    body = newBody;
    return this;
  }

  /** Sets the response to completions with a limit of at most this many tokens, or none. */
  public ScriptedLlm respondWithUpTo(int tokens, int newStatus, String newBody) {
    shortLimit = tokens;
    shortStatus = newStatus;
    shortBody = newBody;
    return this;
  }

  /** Its base URL. */
  public String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Number of completion requests. */
  public int completions() {
    return bodies.size();
  }

  /** Stops it: connections are refused. */
  public synchronized void stop() {
    server.stop(0);
  }

  /** Starts it again. */
  public synchronized void restart() throws IOException {
    server = start(port);
  }

  @Override
  public void close() {
    stop();
    threads.shutdownNow();
  }

  private HttpServer start(int at) throws IOException {
    HttpServer started =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 0);
    started.setExecutor(threads);
    started.createContext("/", this::complete);
    started.createContext("/v1/models", this::list);
    started.createContext("/version", exchange -> page(exchange, ""));
    started.createContext("/metrics", exchange -> page(exchange, metrics));
    started.start();
    return started;
  }

  private void list(HttpExchange exchange) throws IOException {
    requests.add("GET " + exchange.getRequestURI());
    String data = String.join(",", models.stream().map(id -> "{\"id\":\"" + id + "\"}").toList());
    send(exchange, modelsStatus, "{\"object\":\"list\",\"data\":[" + data + "]}");
    if (stopsWhen.getAsBoolean()) {
      stopsWhen = () -> false;
      stop();
    }
  }

  private void page(HttpExchange exchange, String text) throws IOException {
    requests.add("GET " + exchange.getRequestURI());
    send(exchange, text.isEmpty() ? 404 : 200, text);
  }

  private void complete(HttpExchange exchange) throws IOException {
    requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
    authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    bodies.add(request);
    if (limit(request) <= shortLimit) {
      send(exchange, shortStatus, shortBody);
    } else {
      send(exchange, status, body);
    }
  }

  private static int limit(String request) {
    Matcher limit = LIMIT.matcher(request);
    return limit.find() ? Integer.parseInt(limit.group(1)) : 0;
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
