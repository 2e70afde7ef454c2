package dev.caravan.pipeline.run;

import dev.caravan.model.Run;
import dev.caravan.pipeline.process.Masking;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Masks the API key wherever aiperf wrote it: in its output, its own files and their names. */
final class ArtifactMasker {

  private static final Logger LOG = LoggerFactory.getLogger(ArtifactMasker.class);

  private final AttemptArchive attempts;
  private final DurableFiles durableFiles;

  ArtifactMasker(AttemptArchive attempts, DurableFiles durableFiles) {
    this.attempts = attempts;
    this.durableFiles = durableFiles;
  }

  /** Masks the files of the attempt in the run folder; returns reasons to add to its result. */
  List<String> mask(Run run, Masking masking) throws IOException {
    if (!masking.hasSecrets()) {
      return List.of();
    }
    List<String> masked = new ArrayList<>(renamed(run, masking));
    for (Path file : files(run)) {
      String name = run.folder().relativize(file).toString();
      if (masking.maskFile(file) && !masked.contains(name)) {
        masked.add(name);
      }
    }
    if (masked.isEmpty()) {
      return List.of();
    }
    String message = "aiperf wrote the API key into " + String.join(", ", masked) + "; masked";
    LOG.warn("[{}] {}", run.id(), message);
    return List.of(message);
  }

  /** The entries of the attempt, and what aiperf wrote between those of earlier attempts. */
  private List<Path> entries(Run run) throws IOException {
    List<Path> entries = new ArrayList<>(attempts.entries(run));
    entries.addAll(attempts.strays(run));
    return entries;
  }

  private List<Path> files(Run run) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path entry : entries(run)) {
      files.addAll(AttemptArchive.filesBelow(entry));
    }
    return files;
  }

  /** Renames what has the key in its name, from the top down; returns the new names. */
  private List<String> renamed(Run run, Masking masking) throws IOException {
    List<String> renamed = new ArrayList<>();
    Deque<Path> open = new ArrayDeque<>(entries(run));
    while (!open.isEmpty()) {
      Path entry = open.pop();
      String name = entry.getFileName().toString();
      String masked = masking.mask(name);
      if (!masked.equals(name)) {
        Path to = unused(entry.resolveSibling(masked));
        durableFiles.move(entry, to);
        renamed.add(run.folder().relativize(to).toString());
        entry = to;
      }
      if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
        open.addAll(durableFiles.list(entry));
      }
    }
    return renamed;
  }

  private static Path unused(Path path) {
    Path unused = path;
    for (int n = 2; Files.exists(unused, LinkOption.NOFOLLOW_LINKS); n++) {
      unused = path.resolveSibling(path.getFileName() + "~" + n);
    }
    return unused;
  }
}
