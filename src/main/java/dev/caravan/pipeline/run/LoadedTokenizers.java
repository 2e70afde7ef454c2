package dev.caravan.pipeline.run;

import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fingerprints of tokenizers that loaded in the last day: in this process, and, if there is a
 * folder, in others of this user, one empty file each.
 */
public final class LoadedTokenizers {

  private static final Logger LOG = LoggerFactory.getLogger(LoadedTokenizers.class);

  /** How long a fingerprint counts: a tokenizer may break in ways that it does not show. */
  static final Duration KEPT = Duration.ofDays(1);

  private static final int MAX_REMEMBERED = 1_000;

  private final Recent<String, Instant> here = new Recent<>(MAX_REMEMBERED);
  private final Optional<Path> folder;
  private final DurableFiles files;
  private final InstantSource clock;

  /** With a folder that later processes of this user read too. */
  public LoadedTokenizers(Optional<Path> folder, DurableFiles files, InstantSource clock) {
    this.folder = folder;
    this.files = files;
    this.clock = clock;
  }

  boolean contains(String fingerprint) {
    return here.find(fingerprint).filter(this::isRecent).isPresent()
        || folder.filter(cache -> isRecent(cache.resolve(fingerprint))).isPresent();
  }

  private boolean isRecent(Path file) {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try {
      return isRecent(Files.getLastModifiedTime(file).toInstant());
    } catch (IOException e) {
      return false; // deleted since: it is loaded again
    }
  }

  private boolean isRecent(Instant loaded) {
    Instant now = clock.instant();
    return !loaded.isAfter(now) && loaded.isAfter(now.minus(KEPT));
  }

  /** Remembers a tokenizer, and forgets files that no longer count. */
  void add(String fingerprint) {
    here.put(fingerprint, clock.instant());
    folder.ifPresent(
        cache -> {
          try {
            files.createDirectories(cache);
            for (Path file : files.list(cache)) {
              if (!isRecent(file)) {
                files.delete(file);
              }
            }
            files.writeWhole(cache.resolve(fingerprint), new byte[0]);
          } catch (IOException e) {
            LOG.debug("Cannot remember that a tokenizer loaded: {}", e.toString());
          }
        });
  }
}
