package dev.caravan.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A few lines at the bottom of the terminal that are drawn again and again, below all that is
 * written to stderr meanwhile. Only where stderr is a terminal that can move its cursor.
 */
final class LiveRegion implements AutoCloseable {

  private static final Path STDERR = Path.of("/proc/self/fd/2");

  /** ECMA-48: cursor up so many lines, then erase from there to the end of the screen. */
  private static final String ERASE = "\u001b[%dF\u001b[J";

  private static final String BOLD = "\u001b[1m";
  private static final String PLAIN = "\u001b[0m";

  private final PrintStream terminal = System.err;
  private final boolean colour;
  private final Thread atExit = new Thread(this::eraseForGood);
  private int drawn;
  private boolean closed;

  private LiveRegion(boolean colour) {
    this.colour = colour;
    System.setErr(new PrintStream(new Above(), true, StandardCharsets.UTF_8));
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Whether there is a terminal to draw on, by the environment and by what stderr is. */
  static boolean possible(Map<String, String> environment) {
    String terminal = environment.getOrDefault("TERM", "");
    return !terminal.isEmpty() && !terminal.equals("dumb") && isTerminal();
  }

  /** A block; colours only when NO_COLOR is not set or empty (no-color.org). */
  static LiveRegion open(Map<String, String> environment) {
    return new LiveRegion(environment.getOrDefault("NO_COLOR", "").isEmpty());
  }

  private static boolean isTerminal() {
    try {
      String device = Files.readSymbolicLink(STDERR).toString();
      return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** Draws these lines in place of the last ones; the first one stands out. */
  synchronized void show(List<String> lines) {
    if (closed) {
      return;
    }
    StringBuilder text = new StringBuilder(erasure());
    for (int i = 0; i < lines.size(); i++) {
      text.append(i == 0 && colour ? BOLD + lines.get(i) + PLAIN : lines.get(i)).append('\n');
    }
    drawn = lines.size();
    terminal.print(text);
    terminal.flush();
  }

  private String erasure() {
    String erasure = drawn == 0 ? "" : String.format(ERASE, drawn);
    drawn = 0;
    return erasure;
  }

  private synchronized void eraseForGood() {
    if (!closed) {
      closed = true;
      terminal.print(erasure());
      terminal.flush();
    }
  }

  @Override
  public void close() {
    eraseForGood();
    System.setErr(terminal);
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      return; // the program is ending, and the hook does no harm
    }
  }

  /** What others write: the block makes room first and is drawn again at the next look. */
  private final class Above extends OutputStream {

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      synchronized (LiveRegion.this) {
        terminal.print(erasure());
        terminal.write(bytes, from, length);
        terminal.flush();
      }
    }
  }
}
