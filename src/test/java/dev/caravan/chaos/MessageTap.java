package dev.caravan.chaos;

import dev.caravan.testing.Caravan;
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
 * Stands before a broker, passes all bytes on both ways and looks for words in them. Artemis sends
 * texts with two bytes a character, and bytes in JSON are base64, so that each word is looked for
 * in all these forms.
 */
final class MessageTap implements AutoCloseable {

  private static final List<Charset> FORMS =
      List.of(StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE);
  private static final int CHUNK = 1 << 16;

  private final ServerSocket server;
  private final int broker;
  private final Map<String, String> patterns = new HashMap<>();
  private final int longest;
  private final Set<String> seen = new ConcurrentSkipListSet<>();
  private final AtomicLong bytes = new AtomicLong();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** Before the broker at this port of ours. */
  MessageTap(int broker, List<String> patterns) {
    this.broker = broker;
    patterns.forEach(word -> forms(word).forEach(form -> this.patterns.put(form, word)));
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

  /** The words that passed. */
  Set<String> seen() {
    return seen;
  }

  /** How many bytes passed, both ways. */
  long bytes() {
    return bytes.get();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        threads.execute(() -> pass(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void pass(Socket client) {
    try (client;
        Socket to = new Socket(InetAddress.getLoopbackAddress(), broker)) {
      threads.execute(() -> pump(to, client));
      pump(client, to);
    } catch (IOException gone) {
      return; // The client sees its connection end, and comes again.
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

  /** Notes the words in it; its end, where one of them may begin. */
  private String scan(String text) {
    patterns.forEach(
        (form, word) -> {
          if (text.contains(form)) {
            seen.add(word);
          }
        });
    return text.substring(Math.max(0, text.length() - longest));
  }

  /** How a word may look among the bytes, as Latin-1. */
  private static List<String> forms(String word) {
    List<String> texts = new ArrayList<>(List.of(word));
    for (int before = 0; before < 3; before++) {
      byte[] bytes = (" ".repeat(before) + word).getBytes(StandardCharsets.UTF_8);
      String coded = Base64.getEncoder().encodeToString(bytes);
      // Without the characters that depend on what stands before and after the word.
      texts.add(coded.substring((8 * before + 5) / 6, 8 * bytes.length / 6));
    }
    return texts.stream()
        .flatMap(text -> FORMS.stream().map(text::getBytes))
        .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
        .toList();
  }

  /** The port in a url of {@link Caravan#freePort()}. */
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
