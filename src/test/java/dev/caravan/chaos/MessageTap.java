package dev.caravan.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP proxy in front of a broker that looks for patterns in the bytes of both directions. Artemis
 * sends text with two bytes per character, and bytes in JSON are base64, so each pattern is
 * searched for in all these encodings.
 */
final class MessageTap implements AutoCloseable {

  private static final List<Charset> CHARSETS =
      List.of(StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE);
  private static final int CHUNK = 1 << 16;

  private final ServerSocket server;
  private final int broker;
  private final Map<String, String> patterns = new HashMap<>();
  private final int longest;
  private final Set<String> seen = new ConcurrentSkipListSet<>();
  private final AtomicLong bytes = new AtomicLong();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** A proxy for the broker at this local port. */
  MessageTap(int broker, List<String> patterns) {
    this.broker = broker;
    patterns.forEach(word -> encodings(word).forEach(form -> this.patterns.put(form, word)));
    this.longest = this.patterns.keySet().stream().mapToInt(String::length).max().orElse(0);
    try {
      this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  String url() {
    return "tcp://127.0.0.1:" + server.getLocalPort();
  }

  /** The patterns seen so far. */
  Set<String> seen() {
    return seen;
  }

  /** Number of bytes passed in both directions. */
  long bytes() {
    return bytes.get();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        threads.execute(() -> proxy(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void proxy(Socket client) {
    try (client;
        Socket to = new Socket(InetAddress.getLoopbackAddress(), broker)) {
      threads.execute(() -> pump(to, client));
      pump(client, to);
    } catch (IOException gone) {
      return; // The client sees the closed connection and reconnects.
    }
  }

  private void pump(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] chunk = new byte[CHUNK];
      String before = "";
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        out.write(chunk, 0, n);
        bytes.addAndGet(n);
        before = scan(before + new String(chunk, 0, n, StandardCharsets.ISO_8859_1));
      }
    } catch (IOException gone) {
      return;
    }
  }

  /** Records the patterns in the text; returns its end, where a pattern may begin. */
  private String scan(String text) {
    patterns.forEach(
        (form, word) -> {
          if (text.contains(form)) {
            seen.add(word);
          }
        });
    return text.substring(Math.max(0, text.length() - longest));
  }

  /** The encodings of a pattern, each read as Latin-1. */
  private static List<String> encodings(String word) {
    List<String> texts = new ArrayList<>(List.of(word));
    for (int before = 0; before < 3; before++) {
      byte[] bytes = (" ".repeat(before) + word).getBytes(StandardCharsets.UTF_8);
      String base64 = Base64.getEncoder().encodeToString(bytes);
      // Without the characters that depend on the text before and after the pattern.
      texts.add(base64.substring((8 * before + 5) / 6, 8 * bytes.length / 6));
    }
    return texts.stream()
        .flatMap(text -> CHARSETS.stream().map(text::getBytes))
        .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
        .toList();
  }

  /** The port of a URL. */
  static int port(String url) {
    return Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      threads.shutdownNow();
    }
  }
}
