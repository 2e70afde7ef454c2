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
 * Decides whether a dropped file is complete: its last modification is at least the settle time ago
 * or, when that is in the future, the file has not changed for that long by the monotonic clock.
 */
public final class SettledFiles {

  private static final Logger LOG = LoggerFactory.getLogger(SettledFiles.class);
  private static final int MAX_TRACKED = 10_000;

  private record Seen(FileTime modified, long size, long sinceNanos) {}

  private final Duration settle;
  private final Supplier<Instant> clock;
  private final LongSupplier nanoTime;
  private final Map<Path, Seen> futureDated = new HashMap<>();

  /**
   * Files settle after this time.
   *
   * @param clock wall clock, as used for modification times
   * @param nanoTime monotonic clock
   */
  public SettledFiles(Duration settle, Supplier<Instant> clock, LongSupplier nanoTime) {
    this.settle = settle;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /** Whether the file may be claimed now; links, folders and dotfiles never are. */
  public synchronized boolean settled(Path file) {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return attributes.isRegularFile()
          && !file.getFileName().toString().startsWith(".")
          && isOldEnough(file, attributes);
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      LOG.warn("Cannot read the attributes of {}: {}", file, e.toString());
      return false;
    }
  }

  private boolean isOldEnough(Path file, BasicFileAttributes attributes) {
    Duration age = Duration.between(attributes.lastModifiedTime().toInstant(), clock.get());
    if (!age.isNegative()) {
      futureDated.remove(file);
      return age.compareTo(settle) >= 0;
    }
    Seen now = new Seen(attributes.lastModifiedTime(), attributes.size(), nanoTime.getAsLong());
    Seen before = futureDated.get(file);
    if (before == null
        || !before.modified().equals(now.modified())
        || before.size() != now.size()) {
      remember(file, now);
      return settle.isZero();
    }
    return now.sinceNanos() - before.sinceNanos() >= settle.toNanos();
  }

  private void remember(Path file, Seen seen) {
    if (futureDated.size() >= MAX_TRACKED) {
      futureDated.keySet().removeIf(Files::notExists);
    }
    futureDated.put(file, seen);
  }
}
