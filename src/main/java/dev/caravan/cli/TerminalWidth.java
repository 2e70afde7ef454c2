package dev.caravan.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.utils.Signals;

/** How wide the terminal is now; asked again only after it was resized. */
final class TerminalWidth {

  private static final int LEAST = 20;
  private static final AtomicBoolean RESIZED = new AtomicBoolean(true);
  private static volatile int width = 80;

  static {
    Signals.register("WINCH", () -> RESIZED.set(true));
  }

  private TerminalWidth() {}

  /** Columns of the terminal of this process; 80 when it does not tell. */
  static int now() {
    if (RESIZED.getAndSet(false)) {
      width = Math.max(LEAST, asked());
    }
    return width;
  }

  private static int asked() {
    try {
      Process stty = new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty")).start();
      String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      boolean ended = stty.waitFor(1, TimeUnit.SECONDS);
      String columns = size.strip().replaceFirst("^\\d+ ", "");
      return ended && columns.matches("[1-9]\\d{0,3}") ? Integer.parseInt(columns) : width;
    } catch (IOException e) {
      return width; // no stty or no terminal of its own
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return width;
    }
  }
}
