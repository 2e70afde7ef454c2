package dev.caravan.pipeline.run;

import dev.caravan.model.BatchRecord;
import dev.caravan.pipeline.accept.InputFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the input files of runs are still what was accepted. A sum is computed again only when a
 * file's size or one of its times has changed.
 */
final class RunInputs {

  private static final String ATTRIBUTES = "unix:ino,size,lastModifiedTime,ctime";
  private static final int MANY = 1_000;

  /**
   * What was found the last time.
   *
   * @param state of all files, such that a change of their content changes it
   */
  private record Known(List<Map<String, Object>> state, String sha256, boolean namesFiles) {}

  private final Map<Path, Known> known = new HashMap<>();

  /** Why a run cannot use the file; empty if it can. */
  synchronized Optional<String> refused(BatchRecord.InputFile file) {
    Path path = Path.of(file.path());
    try {
      String now = known(path).sha256();
      return now.equals(file.sha256())
          ? Optional.empty()
          : Optional.of(
              "the input file "
                  + path
                  + " has changed since the config was accepted: its SHA-256"
                  + " was "
                  + file.sha256()
                  + " and is "
                  + now);
    } catch (IOException e) {
      return Optional.of("the input file " + path + " cannot be read: " + e.getMessage());
    }
  }

  /** The working directory that makes the relative names in the file lead to what is beside it. */
  synchronized Path directory(BatchRecord.InputFile file, Path byDefault) {
    Path path = Path.of(file.path());
    try {
      return known(path).namesFiles() ? InputFiles.besideOf(path) : byDefault;
    } catch (IOException e) {
      return byDefault;
    }
  }

  private Known known(Path path) throws IOException {
    List<Map<String, Object>> state = new ArrayList<>();
    for (Path each : InputFiles.filesOf(path)) {
      Map<String, Object> attributes = new HashMap<>(Files.readAttributes(each, ATTRIBUTES));
      attributes.put("path", each);
      state.add(attributes);
    }
    Known before = known.get(path);
    if (before != null && before.state().equals(state)) {
      return before;
    }
    if (known.size() >= MANY) {
      known.clear();
    }
    String sha256 = InputFiles.describe("", path).sha256();
    Known now = new Known(List.copyOf(state), sha256, InputFiles.namesRelativeFiles(path));
    known.put(path, now);
    return now;
  }
}
