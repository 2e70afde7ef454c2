package dev.caravan.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;

/** A command of the packaged program while it runs, and what it said. */
public final class Program implements AutoCloseable {

  /** How long anything may take that a test waits for. */
  public static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Pattern TIME =
      Pattern.compile("^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d ", Pattern.MULTILINE);

  private final Process process;
  private final Path said;
  private final long startedNanos = System.nanoTime();

  Program(Process process, Path said) {
    this.process = process;
    this.said = said;
  }

  /** Waits for its end and gives its exit code. */
  public int exit() {
    return exit(PATIENCE);
  }

  /** Waits for its end this long and gives its exit code. */
  public int exit(Duration atMost) {
    try {
      if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("still running after " + atMost + "; it said:\n" + err());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for an end", e);
    }
  }

  /** Time since it was started. */
  public Duration age() {
    return Duration.ofNanos(System.nanoTime() - startedNanos);
  }

  public long pid() {
    return process.pid();
  }

  public boolean runs() {
    return process.isAlive();
  }

  /** Waits until this text stands in its stderr. */
  public Program awaitLine(String text) {
    try {
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> err().contains(text) || !process.isAlive());
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("never said \"" + text + "\" but:\n" + err(), e);
    }
    if (!err().contains(text)) {
      throw new AssertionError("ended without saying \"" + text + "\" but:\n" + err());
    }
    return this;
  }

  /** What it wrote on stdout so far. */
  public String out() {
    return text(".out");
  }

  /** What it wrote on stderr so far. */
  public String err() {
    return text(".err");
  }

  /** Its log lines without their time of day, such as {@code INFO: SUMMARY}. */
  public List<String> log() {
    return TIME.matcher(err()).replaceAll("").lines().toList();
  }

  /** Its last line on stderr, without the time of day. */
  public String lastLine() {
    List<String> lines = log();
    return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
  }

  /** Sends SIGINT, as Ctrl-C does. */
  public void interrupt() {
    try {
      new ProcessBuilder("/bin/sh", "-c", "kill -INT " + process.pid()).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  /** Sends SIGKILL and waits until it is gone. */
  public void kill() {
    process.destroyForcibly();
    exit();
  }

  @Override
  public void close() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
  }

  private String text(String ending) {
    try {
      return Files.readString(said.resolveSibling(said.getFileName() + ending));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
