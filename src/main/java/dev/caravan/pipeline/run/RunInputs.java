package dev.caravan.pipeline.run;

import dev.caravan.model.BatchRecord;
import dev.caravan.pipeline.accept.InputFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether the input files of runs, and the files that these name, are still what was accepted. A
 * sum is computed again only when a file's size or one of its times has changed.
 */
final class RunInputs {

  private static final String ATTRIBUTES = "unix:ino,size,lastModifiedTime,ctime";
  private static final int MANY = 1_000;

  /**
   * What was found the last time.
   *
   * @param state of all files, such that a change of their content changes it
   * @param named the files that the dataset names
   */
  private record Known(List<Map<String, Object>> state, String sha256, Set<Path> named) {}

  private final Map<Path, Known> datasets = new HashMap<>();
  private final Map<Path, Known> named = new HashMap<>();

  /** Why a run cannot use the file; empty if it can. */
  synchronized Optional<String> refused(BatchRecord.InputFile file) {
    Path path = Path.of(file.path());
    try {
      Known dataset = dataset(path);
      if (!dataset.sha256().equals(file.sha256())) {
        return changed("the input file " + path + " has", file.sha256(), dataset.sha256());
      }
      if (file.filesSha256() == null) {
        return Optional.empty();
      }
      String files = named(path, dataset.named()).sha256();
      return files.equals(file.filesSha256())
          ? Optional.empty()
          : changed("files that " + path + " names have", file.filesSha256(), files);
    } catch (IOException e) {
      return Optional.of("the input file " + path + " cannot be read: " + e.getMessage());
    }
  }

  private static Optional<String> changed(String what, String before, String now) {
    return Optional.of(
        what
            + " changed since the config was accepted: the SHA-256 was "
            + before
            + " and is "
            + now);
  }

  /** The working directory that makes the relative names in the file lead to what is beside it. */
  synchronized Path directory(BatchRecord.InputFile file, Path byDefault) {
    Path path = Path.of(file.path());
    try {
      return dataset(path).named().stream().anyMatch(name -> !name.isAbsolute())
          ? InputFiles.besideOf(path)
          : byDefault;
    } catch (IOException e) {
      return byDefault;
    }
  }

  private Known dataset(Path path) throws IOException {
    List<Map<String, Object>> state = state(InputFiles.filesOf(path));
    Optional<Known> before = before(datasets, path, state);
    if (before.isPresent()) {
      return before.get();
    }
    String sha256 = InputFiles.describe("", path).sha256();
    return remember(datasets, path, new Known(state, sha256, InputFiles.namedIn(path)));
  }

  private Known named(Path dataset, Set<Path> names) throws IOException {
    Path beside = InputFiles.besideOf(dataset);
    List<Map<String, Object>> state = state(names.stream().map(beside::resolve).toList());
    Optional<Known> before = before(named, dataset, state);
    return before.isPresent()
        ? before.get()
        : remember(named, dataset, new Known(state, InputFiles.sumOf(dataset, names), names));
  }

  private static Optional<Known> before(
      Map<Path, Known> known, Path path, List<Map<String, Object>> state) {
    return Optional.ofNullable(known.get(path)).filter(before -> before.state().equals(state));
  }

  private static Known remember(Map<Path, Known> known, Path path, Known now) {
    if (known.size() >= MANY) {
      known.clear();
    }
    known.put(path, now);
    return now;
  }

  private static List<Map<String, Object>> state(Collection<Path> files) throws IOException {
    List<Map<String, Object>> state = new ArrayList<>();
    for (Path file : files) {
      Map<String, Object> attributes = new HashMap<>(Files.readAttributes(file, ATTRIBUTES));
      attributes.put("path", file);
      state.add(attributes);
    }
    return List.copyOf(state);
  }
}
