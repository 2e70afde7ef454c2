package dev.caravan.run;

import dev.caravan.exec.Masking;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what a running aiperf writes to its output files, line by line, keys masked. The files stay
 * as they are: aiperf writes to them directly, so watching costs it nothing.
 */
final class LiveOutput implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LiveOutput.class);
  private static final long LOOK_MILLIS = 200;
  private static final int MOST = 1 << 20;

  private final Masking masking;
  private final List<Followed> files;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(LiveOutput::daemon);

  private LiveOutput(Masking masking, List<Path> files) {
    this.masking = masking;
    this.files = files.stream().map(Followed::new).toList();
  }

  /** Follows these files until closed. */
  static LiveOutput of(Masking masking, Path... files) {
    LiveOutput live = new LiveOutput(masking, List.of(files));
    live.timer.scheduleWithFixedDelay(live::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    return live;
  }

  /** Logs what is left and stops. */
  @Override
  public void close() {
    timer.shutdown();
    look();
  }

  private synchronized void look() {
    files.stream()
        .flatMap(Followed::newLines)
        .forEach(line -> LOG.debug("aiperf: {}", masking.mask(line)));
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "live-output");
    thread.setDaemon(true);
    return thread;
  }

  /** A file and how far it was read. */
  private static final class Followed {
    private final Path file;
    private long position;

    Followed(Path file) {
      this.file = file;
    }

    /** The whole lines that came since the last look. */
    Stream<String> newLines() {
      if (!Files.exists(file)) {
        return Stream.empty();
      }
      try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
        in.seek(position);
        byte[] bytes = new byte[(int) Math.min(MOST, Math.max(0, in.length() - position))];
        in.readFully(bytes);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int whole = bytes.length == MOST ? MOST : text.lastIndexOf('\n') + 1;
        position += whole;
        return new String(bytes, 0, whole, StandardCharsets.UTF_8).lines();
      } catch (IOException e) {
        LOG.debug("Cannot follow {}: {}", file, e.toString());
        return Stream.empty();
      }
    }
  }
}
