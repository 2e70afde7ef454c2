package dev.caravan.observe.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.caravan.analysis.Verdict;
import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.text.NativeEncoding;
import dev.caravan.pipeline.process.HostCommand;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a configured command for events that need attention, with the event on its standard input,
 * one at a time in the background. Best effort: a notification that a stop or a kill interrupts is
 * not repeated.
 */
final class NotifyCommand implements Consumer<StoredEvent>, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(NotifyCommand.class);
  private static final Set<EventType> TYPES =
      Set.of(
          EventType.BATCH_FINISHED,
          EventType.TARGET_PARKED,
          EventType.BATCH_HELD,
          EventType.DISK_LOW);
  private static final int MAX_QUEUED = 100;

  private final List<String> argv;
  private final Path folder;
  private final Map<String, String> environment;
  private final Path output;
  private final Duration timeout;
  private final ThreadPoolExecutor executor =
      new ThreadPoolExecutor(
          1,
          1,
          10,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MAX_QUEUED),
          NotifyCommand::daemonThread);

  /** The command of {@code caravan.notify.command}; empty when there is none. */
  static Optional<NotifyCommand> of(Settings settings, Home home) {
    List<String> argv = HostCommand.argv(settings.text(Setting.NOTIFY_COMMAND), home.root());
    return argv.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new NotifyCommand(
                argv,
                home.root(),
                HostCommand.environment(settings.environment(), Set.of()),
                home.state().resolve("notify.log"),
                settings.duration(Setting.NOTIFY_TIMEOUT)));
  }

  /**
   * A command and how it is run.
   *
   * @param argv program and arguments; no shell is involved
   * @param folder working directory
   * @param environment its whole environment
   * @param output file for the output of the latest run
   * @param timeout when it is killed
   */
  NotifyCommand(
      List<String> argv,
      Path folder,
      Map<String, String> environment,
      Path output,
      Duration timeout) {
    this.argv = List.copyOf(argv);
    this.folder = folder;
    this.environment = Map.copyOf(environment);
    this.output = output;
    this.timeout = timeout;
    executor.allowCoreThreadTimeOut(true);
  }

  private static Thread daemonThread(Runnable work) {
    Thread thread = new Thread(work, "notify");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void accept(StoredEvent event) {
    if (TYPES.stream().noneMatch(event::is) && !isRegression(event)) {
      return;
    }
    try {
      executor.execute(() -> run(event));
    } catch (RejectedExecutionException e) {
      LOG.warn("caravan.notify.command is too slow; skipped {}", event.id());
    }
  }

  private static boolean isRegression(StoredEvent event) {
    try {
      return event.is(EventType.BATCH_COMPARED)
          && Json.MAPPER
              .readTree(event.json())
              .at("/data/verdict")
              .asText()
              .equals(Verdict.FAIL.name());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("events are JSON", e);
    }
  }

  private void run(StoredEvent event) {
    try {
      Process process = start();
      try {
        writeInput(process, event);
        if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
          LOG.warn("caravan.notify.command timed out on {} and was killed", event.id());
        } else if (process.exitValue() != 0) {
          LOG.warn(
              "caravan.notify.command exited with code {} on {}; see {}",
              process.exitValue(),
              event.id(),
              output);
        }
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (IOException e) {
      LOG.warn("Cannot run caravan.notify.command: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Process start() throws IOException {
    Optional<String> refusal = NativeEncoding.JVM.refusal(argv, environment);
    if (refusal.isPresent()) {
      throw new IOException(refusal.get());
    }
    ProcessBuilder builder =
        new ProcessBuilder(argv)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** Does not block on a slow reader: an event fits into the pipe's buffer. */
  private static void writeInput(Process process, StoredEvent event) {
    try (OutputStream input = process.getOutputStream()) {
      input.write((event.json() + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      LOG.debug("caravan.notify.command did not read its input, {}", event.id());
    }
  }

  /** Kills the running command and starts no more. */
  @Override
  public void close() {
    executor.shutdownNow();
    try {
      executor.awaitTermination(2, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
