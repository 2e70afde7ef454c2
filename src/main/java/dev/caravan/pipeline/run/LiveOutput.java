package dev.caravan.pipeline.run;

import dev.caravan.pipeline.process.Masking;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what a running aiperf writes to its output files, line by line, with API keys masked. Aiperf
 * writes to the files directly, so following them does not slow it down.
 */
final class LiveOutput implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LiveOutput.class);
  private static final long INTERVAL_MILLIS = 200;

  private final Masking masking;
  private final List<FollowedFile> files;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(LiveOutput::daemon);

  private LiveOutput(Masking masking, List<Path> files) {
    this.masking = masking;
    this.files = files.stream().map(FollowedFile::new).toList();
  }

  /** Whether anybody sees the lines. */
  static boolean isLogged() {
    return LOG.isDebugEnabled();
  }

  /** Starts to follow these files. */
  static LiveOutput of(Masking masking, Path... files) {
    LiveOutput live = new LiveOutput(masking, List.of(files));
    live.timer.scheduleWithFixedDelay(live::poll, 0, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    return live;
  }

  /** Logs the remaining lines and stops. */
  @Override
  public void close() {
    timer.shutdown();
    poll();
  }

  private synchronized void poll() {
    files.stream()
        .flatMap(FollowedFile::newLines)
        .forEach(line -> LOG.debug("aiperf: {}", masking.mask(line)));
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "live-output");
    thread.setDaemon(true);
    return thread;
  }
}
