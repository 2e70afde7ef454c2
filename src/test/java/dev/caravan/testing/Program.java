package dev.caravan.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;

/** A running or finished command of the packaged program, and its output. */
public final class Program implements AutoCloseable {

  /** Maximum time to wait for anything. */
  public static final Duration TIMEOUT = Duration.ofMinutes(2);

  private final Process process;
  private final Path output;
  private final long startedNanos = System.nanoTime();

  Program(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Waits until it exits; returns its exit code. */
  public int exit() {
    return exit(TIMEOUT);
  }

  /** Waits at most this long until it exits; returns its exit code. */
  public int exit(Duration atMost) {
    try {
      if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("still running after " + atMost + "; stderr:\n" + err());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for the exit", e);
    }
  }

  /** Time since the start. */
  public Duration age() {
    return Duration.ofNanos(System.nanoTime() - startedNanos);
  }

  public long pid() {
    return process.pid();
  }

  public boolean isRunning() {
    return process.isAlive();
  }

  /** Waits until its stderr contains this text. */
  public Program awaitLine(String text) {
    try {
      await()
          .atMost(TIMEOUT)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> err().contains(text) || !process.isAlive());
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("never logged \"" + text + "\" but:\n" + err(), e);
    }
    if (!err().contains(text)) {
      throw new AssertionError("exited without logging \"" + text + "\" but:\n" + err());
    }
    return this;
  }

  /** Its stdout so far. */
  public String out() {
    return text(".out");
  }

  /** Its stderr so far. */
  public String err() {
    return text(".err");
  }

  /** Its log lines without timestamps, such as {@code INFO: SUMMARY}. */
  public List<String> log() {
    return LogLines.withoutTimes(err());
  }

  /** Its last line on stderr, without the timestamp. */
  public String lastLine() {
    return LogLines.last(log());
  }

  /** Sends a signal, such as {@code INT} for Ctrl-C. */
  public void signal(String name) {
    try {
      new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + process.pid()).start().waitFor();
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

  /** Sends SIGKILL and waits until it has exited. */
  public void kill() {
    process.destroyForcibly();
    exit();
  }

  /** Kills it with all that it has started; they write nothing any more when this returns. */
  @Override
  public void close() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    ProcFs.kill(() -> children);
    exit();
  }

  /** Of a character that is being written, there may be the first bytes only. */
  private String text(String ending) {
    try {
      Path file = output.resolveSibling(output.getFileName() + ending);
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
