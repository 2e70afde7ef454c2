package dev.caravan.testing;

import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Files of which another process deletes some right after this one has listed their folder. */
public final class DeletedMeanwhile extends DurableFiles {

  private final Path listed;
  private final List<Path> deleted;

  /** Deletes these files when the folder is listed. */
  public DeletedMeanwhile(Path listed, Path... deleted) {
    this.listed = listed;
    this.deleted = List.of(deleted);
  }

  @Override
  public List<Path> list(Path folder) throws IOException {
    List<Path> entries = super.list(folder);
    if (folder.equals(listed)) {
      for (Path file : deleted) {
        delete(file);
      }
    }
    return entries;
  }
}
