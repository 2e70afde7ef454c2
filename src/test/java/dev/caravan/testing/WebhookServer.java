package dev.caravan.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A webhook receiver that records requests, or fails a given number of them. */
public final class WebhookServer implements AutoCloseable {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** A request that got status 204 or 200. */
  public record Delivery(
      String contentType, String id, String timestamp, String signature, String body) {

    /** The event. */
    public JsonNode event() {
      try {
        return MAPPER.readTree(body);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The recorded requests, in order. */
  public final List<Delivery> deliveries = new CopyOnWriteArrayList<>();

  /** How many of the next requests get status 503, with a wish to be left alone for an hour. */
  public final AtomicInteger failures = new AtomicInteger();

  /** How many of the next requests get an answer without end. */
  public final AtomicInteger endless = new AtomicInteger();

  /** How many of the next requests get status 200 and an answer that is cut off and no gzip. */
  public final AtomicInteger broken = new AtomicInteger();

  private final HttpServer server;

  public WebhookServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Its URL, with a path and query that must stay secret. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/T0/path-secret?token=query";
  }

  /** The event types without their prefix, such as {@code run.finished}. */
  public List<String> types() {
    return deliveries.stream()
        .map(p -> p.event().path("type").asText().replace("dev.caravan.", ""))
        .toList();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (endless.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      exchange.sendResponseHeaders(200, 0);
      while (true) {
        exchange.getResponseBody().write(new byte[1 << 20]); // until the client closes
      }
    }
    if (failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      exchange.getResponseHeaders().add("Retry-After", "3600");
      exchange.sendResponseHeaders(503, -1);
    } else {
      deliveries.add(
          new Delivery(
              header(exchange, "Content-Type"),
              header(exchange, "webhook-id"),
              header(exchange, "webhook-timestamp"),
              header(exchange, "webhook-signature"),
              body));
      answer(exchange);
    }
    exchange.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    if (broken.getAndUpdate(n -> Math.max(0, n - 1)) == 0) {
      exchange.sendResponseHeaders(204, -1);
      return;
    }
    exchange.getResponseHeaders().add("Content-Encoding", "gzip");
    exchange.sendResponseHeaders(200, 100);
    exchange.getResponseBody().write(new byte[50]);
    exchange.getResponseBody().flush();
  }

  private static String header(HttpExchange exchange, String name) {
    return String.valueOf(exchange.getRequestHeaders().getFirst(name));
  }
}
