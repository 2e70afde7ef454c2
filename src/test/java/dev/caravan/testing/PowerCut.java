package dev.caravan.testing;

import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * File operations that simulate a power cut at the n-th change: before, during or right after it.
 * No later change succeeds, and earlier ones in a folder that was not synced since are undone.
 */
public final class PowerCut extends DurableFiles {

  /** When the power is cut, relative to the change. */
  public enum When {
    BEFORE,
    DURING,
    AFTER
  }

  /** Power is cut. An error, so that production code does not catch it by accident. */
  public static final class PowerCutError extends Error {
    private PowerCutError(int change) {
      super("power cut at change " + change);
    }
  }

  private interface Change {
    void apply() throws IOException;
  }

  private final int cutAt;
  private final When when;
  private int changes;

  /** What was at these paths when their folder was synced last. */
  private final Map<Path, Optional<byte[]>> unsynced = new HashMap<>();

  /** Cuts the power at change {@code cutAt}, counted from 1. */
  public PowerCut(int cutAt, When when) {
    this.cutAt = cutAt;
    this.when = when;
  }

  /** Whether there were too few changes for the cut to happen. */
  public boolean neverHappened() {
    return changes < cutAt;
  }

  private void change(Change partial, Change complete) throws IOException {
    changes++;
    if (changes < cutAt) {
      complete.apply();
      return;
    }
    if (changes == cutAt && when == When.DURING) {
      partial.apply();
    }
    if (changes == cutAt && when == When.AFTER) {
      complete.apply();
    }
    undoUnsynced();
    throw new PowerCutError(changes);
  }

  /** Undoes what a power cut now would undo. */
  public void undoUnsynced() throws IOException {
    for (Map.Entry<Path, Optional<byte[]>> each : unsynced.entrySet()) {
      if (each.getValue().isPresent()) {
        Files.write(each.getKey(), each.getValue().get());
      } else {
        Files.deleteIfExists(each.getKey());
      }
    }
    unsynced.clear();
  }

  private void remember(Path file) throws IOException {
    if (!unsynced.containsKey(file)) {
      boolean isFile = Files.isRegularFile(file);
      unsynced.put(file, isFile ? Optional.of(Files.readAllBytes(file)) : Optional.empty());
    }
  }

  @Override
  public void sync(Path path) throws IOException {
    super.sync(path);
    unsynced.keySet().removeIf(file -> file.getParent().equals(path));
  }

  @Override
  public void writeWhole(Path file, byte[] content) throws IOException {
    write(file, () -> super.writeWhole(file, content));
  }

  @Override
  public boolean writeNew(Path file, byte[] content) throws IOException {
    boolean isNew = !Files.exists(file);
    write(file, () -> super.writeNew(file, content));
    return isNew;
  }

  @Override
  public void writeWithoutFolderSync(Path file, byte[] content) throws IOException {
    write(
        file,
        () -> {
          remember(file);
          super.writeWithoutFolderSync(file, content);
        });
  }

  private void write(Path file, Change complete) throws IOException {
    Path temporary = file.resolveSibling("." + file.getFileName() + ".cut.tmp");
    change(() -> Files.writeString(temporary, "half"), complete);
  }

  @Override
  public void writeStream(Path file, Content content) throws IOException {
    write(file, () -> super.writeStream(file, content));
  }

  @Override
  public void writePrivate(Path file, byte[] content) throws IOException {
    write(file, () -> super.writePrivate(file, content));
  }

  @Override
  public void moveAll(List<Path> entries, Path folder) throws IOException {
    List<Path> half = entries.subList(0, entries.size() / 2);
    change(() -> super.moveAll(half, folder), () -> super.moveAll(entries, folder));
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

  @Override
  public void deleteWithoutFolderSync(Path file) throws IOException {
    change(
        () -> {},
        () -> {
          remember(file);
          super.deleteWithoutFolderSync(file);
        });
  }
}
