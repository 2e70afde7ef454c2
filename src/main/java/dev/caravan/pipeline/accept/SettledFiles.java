package dev.caravan.pipeline.accept;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whether a dropped file is whole: its age by modification time is at least the settle time,
 * or, when that time lies in the future, it did not change for as long by the monotonic clock.
 */
public final class SettledFiles {

  private static final Logger LOG = LoggerFactory.getLogger(SettledFiles.class);
  private static final int WATCHED = 10_000;

  private record Seen(FileTime modified, long size, long sinceNanos) {}

  private final Duration settle;
  private final Supplier<Instant> clock;
  private final LongSupplier nanoTime;
  private final Map<Path, Seen> fromTheFuture = new HashMap<>();

  /**
   * A rule with this settle time.
   *
   * @param clock wall clock, as file systems stamp with
   * @param nanoTime monotonic clock
   */
  public SettledFiles(Duration settle, Supplier<Instant> clock, LongSupplier nanoTime) {
    this.settle = settle;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /** Whether the file may be taken now; links, folders and dotfiles never. */
  public synchronized boolean settled(Path file) {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return attributes.isRegularFile()
          && !file.getFileName().toString().startsWith(".")
          && oldEnough(file, attributes);
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      LOG.warn("Cannot look at {}: {}", file, e.toString());
      return false;
    }
  }

  private boolean oldEnough(Path file, BasicFileAttributes attributes) {
    Duration age = Duration.between(attributes.lastModifiedTime().toInstant(), clock.get());
    if (!age.isNegative()) {
      fromTheFuture.remove(file);
      return age.compareTo(settle) >= 0;
    }
    Seen now = new Seen(attributes.lastModifiedTime(), attributes.size(), nanoTime.getAsLong());
    Seen before = fromTheFuture.get(file);
    if (before == null
        || !before.modified().equals(now.modified())
        || before.size() != now.size()) {
      remember(file, now);
      return settle.isZero();
    }
    return now.sinceNanos() - before.sinceNanos() >= settle.toNanos();
  }

  private void remember(Path file, Seen seen) {
    if (fromTheFuture.size() >= WATCHED) {
      fromTheFuture.keySet().removeIf(Files::notExists);
    }
    fromTheFuture.put(file, seen);
  }
}
