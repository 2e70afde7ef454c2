package dev.caravan.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A few lines at the bottom of the terminal that are redrawn in place, below everything else
 * written to stderr. Works only when stderr is a terminal that can move its cursor.
 */
final class LiveRegion implements AutoCloseable {

  private static final int STDERR = 2;

  /** ECMA-48: moves the cursor up by a number of lines, then erases to the end of the screen. */
  private static final String ERASE = "\u001b[%dF\u001b[J";

  private static final String BOLD = "\u001b[1m";
  private static final String RESET = "\u001b[0m";

  private final PrintStream terminal = System.err;
  private final boolean colour;
  private final Thread shutdownHook = new Thread(this::finish);
  private int drawnLines;
  private boolean closed;

  private LiveRegion(boolean colour) {
    this.colour = colour;
    System.setErr(new PrintStream(new OutputAbove(), true, StandardCharsets.UTF_8));
    Runtime.getRuntime().addShutdownHook(shutdownHook);
  }

  /** Whether stderr is a terminal that can be drawn on. */
  static boolean isSupported(Map<String, String> environment) {
    String terminal = environment.getOrDefault("TERM", "");
    return !terminal.isEmpty() && !terminal.equals("dumb") && Stdout.isTerminal(STDERR);
  }

  /** Opens a region; in colour unless NO_COLOR is set and not empty (no-color.org). */
  static LiveRegion open(Map<String, String> environment) {
    return new LiveRegion(environment.getOrDefault("NO_COLOR", "").isEmpty());
  }

  /** Replaces the lines of the region; the first one is bold. */
  synchronized void show(List<String> lines) {
    if (closed) {
      return;
    }
    StringBuilder text = new StringBuilder(erasure());
    for (int i = 0; i < lines.size(); i++) {
      text.append(i == 0 && colour ? BOLD + lines.get(i) + RESET : lines.get(i)).append('\n');
    }
    drawnLines = lines.size();
    terminal.print(text);
    terminal.flush();
  }

  private String erasure() {
    String erasure = drawnLines == 0 ? "" : String.format(ERASE, drawnLines);
    drawnLines = 0;
    return erasure;
  }

  private synchronized void finish() {
    if (!closed) {
      closed = true;
      terminal.print(erasure());
      terminal.flush();
    }
  }

  @Override
  public void close() {
    finish();
    System.setErr(terminal);
    try {
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    } catch (IllegalStateException e) {
      return; // the JVM is shutting down; the hook is harmless
    }
  }

  /** Erases the region before other output is written; the next refresh redraws it below. */
  private final class OutputAbove extends OutputStream {

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
