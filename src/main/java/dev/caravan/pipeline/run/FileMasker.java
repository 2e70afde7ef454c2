package dev.caravan.pipeline.run;

import dev.caravan.pipeline.process.Masking;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;

/** Masks secrets in files and folders, and in their names. */
record FileMasker(DurableFiles durableFiles) {

  /**
   * Masks these entries with all that is below them; returns what had a secret, by its new name.
   * Synced, so that no power cut brings a secret back.
   */
  List<String> mask(List<Path> entries, Path folder, Masking masking) throws IOException {
    List<Path> renamed = new ArrayList<>();
    List<String> masked = new ArrayList<>();
    for (Path entry : named(entries, masking, renamed)) {
      for (Path file : AttemptArchive.filesBelow(entry)) {
        String name = folder.relativize(file).toString();
        if (masking.maskFile(file)) {
          durableFiles.sync(file);
          durableFiles.sync(file.getParent());
          masked.add(name);
        }
      }
    }
    renamed.stream()
        .map(path -> folder.relativize(path).toString())
        .filter(name -> !masked.contains(name))
        .forEach(masked::add);
    return masked;
  }

  /** Renames what has a secret in its name, from the top down; returns the entries as they are. */
  private List<Path> named(List<Path> entries, Masking masking, Collection<Path> renamed)
      throws IOException {
    List<Path> now = new ArrayList<>();
    Deque<Path> open = new ArrayDeque<>();
    for (Path entry : entries) {
      Path masked = named(entry, masking, renamed);
      now.add(masked);
      open.add(masked);
    }
    while (!open.isEmpty()) {
      Path folder = open.pop();
      if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        for (Path entry : durableFiles.list(folder)) {
          open.add(named(entry, masking, renamed));
        }
      }
    }
    return now;
  }

  private Path named(Path entry, Masking masking, Collection<Path> renamed) throws IOException {
    String name = entry.getFileName().toString();
    String masked = masking.mask(name);
    if (masked.equals(name)) {
      return entry;
    }
    Path to = unused(entry.resolveSibling(masked));
    durableFiles.move(entry, to);
    renamed.add(to);
    return to;
  }

  /** This path, or the next one like it that is free. */
  static Path unused(Path path) {
    Path unused = path;
    for (int n = 2; Files.exists(unused, LinkOption.NOFOLLOW_LINKS); n++) {
      unused = path.resolveSibling(path.getFileName() + "~" + n);
    }
    return unused;
  }
}
