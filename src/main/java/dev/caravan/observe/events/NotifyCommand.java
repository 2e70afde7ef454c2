package dev.caravan.observe.events;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a fixed command for what a person wants to know at once, with the event on its standard
 * input; one at a time, and nothing waits for it. Best effort: what a stop or a kill cuts off is
 * not told again.
 */
public final class NotifyCommand implements Consumer<StoredEvent>, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(NotifyCommand.class);
  private static final Set<EventType> KINDS =
      Set.of(EventType.BATCH_FINISHED, EventType.TARGET_PARKED, EventType.DISK_LOW);
  private static final int MOST_WAITING = 100;

  private final List<String> argv;
  private final Path folder;
  private final Map<String, String> environment;
  private final Path output;
  private final Duration limit;
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          10,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_WAITING),
          NotifyCommand::thread);

  /**
   * A command that is run in {@code folder}.
   *
   * @param argv what is run, without a shell
   * @param environment all that it sees
   * @param output the file that holds what it last said
   * @param limit how long it may take before it is killed
   */
  public NotifyCommand(
      List<String> argv,
      Path folder,
      Map<String, String> environment,
      Path output,
      Duration limit) {
    this.argv = List.copyOf(argv);
    this.folder = folder;
    this.environment = Map.copyOf(environment);
    this.output = output;
    this.limit = limit;
    thread.allowCoreThreadTimeOut(true);
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "notify");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void accept(StoredEvent event) {
    if (KINDS.stream().noneMatch(event::is)) {
      return;
    }
    try {
      thread.execute(() -> run(event));
    } catch (RejectedExecutionException e) {
      LOG.warn("caravan.notify.command is too slow and is not told of {}", event.id());
    }
  }

  private void run(StoredEvent event) {
    try {
      Process process = start();
      try {
        feed(process, event);
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
          LOG.warn("caravan.notify.command took too long over {} and was ended", event.id());
        } else if (process.exitValue() != 0) {
          LOG.warn(
              "caravan.notify.command ended with exit code {} over {}; it said what is in {}",
              process.exitValue(),
              event.id(),
              output);
        }
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (IOException e) {
      LOG.warn("caravan.notify.command could not be run: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Process start() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(argv)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** An event is smaller than a pipe holds, so that this does not wait for a slow reader. */
  private static void feed(Process process, StoredEvent event) {
    try (OutputStream input = process.getOutputStream()) {
      input.write((event.json() + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      LOG.debug("caravan.notify.command did not read {}", event.id());
    }
  }

  /** Ends what is running and starts nothing more. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      thread.awaitTermination(2, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
