package dev.caravan.observe.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.config.ConfigKeys;
import dev.caravan.config.text.PythonText;
import dev.caravan.storage.Json;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Finds the runs of a batch that Caravan did not write. {@code run_aiperf.py} names the folder of a
 * run by its sweep values and does not encode slashes, so that the run of a model {@code org/name}
 * is in a folder within a folder; what it was swept with tells to which batch it belongs.
 */
final class ForeignRuns {

  /** More levels than a name with all paths, URLs and models has. */
  private static final int MAX_DEPTH = 12;

  private ForeignRuns() {}

  /** The runs in this folder, sorted by name, without batches of one run. */
  static List<Path> in(Path folder) throws IOException {
    List<Path> runs = new ArrayList<>();
    for (Path each : ResultFolders.folders(folder)) {
      if (ResultFolders.isRun(each) && !ResultFolders.isBatch(each)) {
        runs.add(each);
      }
      if (ConfigKeys.names().stream().anyMatch(each.getFileName().toString()::startsWith)) {
        collect(folder, each, MAX_DEPTH, runs);
      }
    }
    return runs;
  }

  /** Follows no links, which may lead back. */
  private static void collect(Path batch, Path folder, int depth, List<Path> runs) {
    for (Path each : inside(folder)) {
      if (!Files.isSymbolicLink(each)) {
        if (ResultFolders.isRun(each) && isNamedBySweep(batch, each)) {
          runs.add(each);
        }
        if (depth > 0) {
          collect(batch, each, depth - 1, runs);
        }
      }
    }
  }

  private static List<Path> inside(Path folder) {
    try {
      return ResultFolders.folders(folder);
    } catch (IOException e) {
      return List.of(); // such as a private folder in a run, which is no run of this batch
    }
  }

  private static boolean isNamedBySweep(Path batch, Path run) {
    try {
      JsonNode metadata = Json.read(new RunFolder(run).runMetadata(), JsonNode.class);
      Map<String, String> parts = new TreeMap<>();
      metadata
          .path("sweep_params")
          .properties()
          .forEach(e -> parts.put(e.getKey(), e.getKey() + text(e.getValue())));
      Path name = Path.of(parts.values().stream().collect(Collectors.joining("_")));
      return batch.resolve(name.normalize()).equals(run);
    } catch (IOException | InvalidPathException e) {
      return false; // nothing says whose run it is
    }
  }

  private static String text(JsonNode value) {
    return PythonText.str(ForeignTree.sweptValue(value));
  }
}
