package dev.caravan.testing;

import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A disk whose power goes at the n-th change: before it, in the middle of it, or right after it.
 * Nothing can be changed from then on.
 */
public final class PowerCut extends DurableFiles {

  /** When the power goes. */
  public enum When {
    BEFORE,
    DURING,
    AFTER
  }

  /** The power is gone; nobody catches this by accident. */
  public static final class Cut extends Error {
    private Cut(int change) {
      super("power cut at change " + change);
    }
  }

  private interface Change {
    void make() throws IOException;
  }

  private final int fatal;
  private final When when;
  private int changes;

  /** The power goes at change {@code fatal}, counted from 1. */
  public PowerCut(int fatal, When when) {
    this.fatal = fatal;
    this.when = when;
  }

  /** Whether fewer changes were made than it would have taken. */
  public boolean neverCame() {
    return changes < fatal;
  }

  private void change(Change half, Change whole) throws IOException {
    changes++;
    if (changes < fatal) {
      whole.make();
      return;
    }
    if (changes == fatal && when == When.DURING) {
      half.make();
    }
    if (changes == fatal && when == When.AFTER) {
      whole.make();
    }
    throw new Cut(changes);
  }

  @Override
  public void writeWhole(Path file, byte[] content) throws IOException {
    Path beside = file.resolveSibling("." + file.getFileName() + ".cut.tmp");
    change(() -> Files.writeString(beside, "half"), () -> super.writeWhole(file, content));
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    change(() -> {}, () -> super.move(from, to));
  }

  @Override
  public void createDirectories(Path folder) throws IOException {
    change(
        () -> Files.createDirectories(folder.getParent()), () -> super.createDirectories(folder));
  }

  @Override
  public void delete(Path path) throws IOException {
    change(() -> {}, () -> super.delete(path));
  }
}
