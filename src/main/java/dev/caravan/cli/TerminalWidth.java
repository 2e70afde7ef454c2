package dev.caravan.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.utils.Signals;

/** The width of the terminal, queried again only after a resize (SIGWINCH). */
final class TerminalWidth {

  private static final int MIN_WIDTH = 20;
  private static final AtomicBoolean RESIZED = new AtomicBoolean(true);
  private static volatile int width = 80;

  static {
    Signals.register("WINCH", () -> RESIZED.set(true));
  }

  private TerminalWidth() {}

  /** Columns of the terminal of this process; 80 when unknown, never below 20. */
  static int now() {
    if (RESIZED.getAndSet(false)) {
      width = Math.max(MIN_WIDTH, query());
    }
    return width;
  }

  private static int query() {
    try {
      Process stty = new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty")).start();
      String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      boolean exited = stty.waitFor(1, TimeUnit.SECONDS);
      String columns = size.strip().replaceFirst("^\\d+ ", "");
      return exited && columns.matches("[1-9]\\d{0,3}") ? Integer.parseInt(columns) : width;
    } catch (IOException e) {
      return width; // no stty, or no controlling terminal
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return width;
    }
  }
}
