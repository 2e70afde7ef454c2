package dev.caravan.pipeline.accept;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.storage.RegularFiles;
import dev.caravan.storage.RepeatedTrouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether a dropped file is complete: its size and its times of modification and of change
 * have not changed for the settle time. What {@code caravan submit} placed is complete at once.
 * Times are only compared with each other: a copy may keep an old one, and a file server may have
 * another clock.
 */
public final class SettledFiles {

  private static final Logger LOG = LoggerFactory.getLogger(SettledFiles.class);
  private static final int MANY = 10_000;
  private static final String ATTRIBUTES = "unix:isRegularFile,size,lastModifiedTime,ctime";
  private static final Pattern SUBMITTED =
      Pattern.compile(".+\\.[0-9a-f]{8}\\.yaml", Pattern.DOTALL);

  private record Seen(Map<String, Object> attributes, long sinceNanos) {}

  private final Duration settle;
  private final LongSupplier nanoTime;
  private final RepeatedTrouble others;
  private final Map<Path, Seen> waiting = new HashMap<>();
  private int many = MANY;

  /** Files settle after the time in the settings. */
  public static SettledFiles of(Settings settings) {
    return new SettledFiles(settings.duration(Setting.INBOX_SETTLE), System::nanoTime);
  }

  /**
   * Files settle after this time.
   *
   * @param nanoTime monotonic clock
   */
  public SettledFiles(Duration settle, LongSupplier nanoTime) {
    this.settle = settle;
    this.nanoTime = nanoTime;
    this.others = new RepeatedTrouble(nanoTime);
  }

  /** Whether the file may be claimed now; links, folders and dotfiles never are. */
  public synchronized boolean settled(Path file) {
    try {
      Map<String, Object> attributes =
          Files.readAttributes(file, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
      String name = file.getFileName().toString();
      if (!attributes.get("isRegularFile").equals(true)) {
        nameOnce(file);
        return false;
      }
      return !name.startsWith(".")
          && (isSubmitted(name, attributes) || isUnchanged(file, attributes));
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      if (others.add(file.toString(), e.toString())) {
        LOG.warn("Cannot read the attributes of {}: {}", file, e.toString());
      }
      return false;
    }
  }

  /** Logged, since someone may be waiting for it to be accepted. */
  private void nameOnce(Path file) throws IOException {
    String kind = RegularFiles.kind(file);
    if (Inbox.isConfig(file) && others.add(file.toString(), kind)) {
      LOG.warn("{} is left in the inbox: it is not a file but {}", file.getFileName(), kind);
    }
  }

  private static boolean isSubmitted(String name, Map<String, Object> attributes) {
    return SUBMITTED.matcher(name).matches() && !attributes.get("size").equals(0L);
  }

  private boolean isUnchanged(Path file, Map<String, Object> attributes) {
    long now = nanoTime.getAsLong();
    Seen before = waiting.get(file);
    Seen seen =
        before != null && before.attributes().equals(attributes)
            ? before
            : new Seen(attributes, now);
    if (now - seen.sinceNanos() >= settle.toNanos()) {
      waiting.remove(file);
      return true;
    }
    waiting.put(file, seen);
    forgetGone();
    return false;
  }

  private void forgetGone() {
    if (waiting.size() > many) {
      waiting.keySet().removeIf(Files::notExists);
      many = Math.max(MANY, 2 * waiting.size());
    }
  }
}
