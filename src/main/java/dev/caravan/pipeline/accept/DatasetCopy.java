package dev.caravan.pipeline.accept;

import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Leftovers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Copies datasets into the home's {@code datasets/}, each under a name that begins with a hash of
 * all that is copied: a file under its own name, a folder with its files, and a file that names
 * others beside it in a folder together with these.
 */
record DatasetCopy(Home home, DurableFiles files) {

  /** Copies it unless it is there already; the name of the file or folder in {@code datasets/}. */
  String copy(Path dataset) throws IOException {
    files.createDirectories(home.datasets());
    new Leftovers(files).deleteCutOff(home.datasets());
    String name = dataset.getFileName().toString();
    List<Path> parts = parts(dataset);
    if (Files.isRegularFile(dataset) && parts.size() == 1) {
      String target = InputFiles.describe(name, dataset).sha256() + "-" + name;
      if (!Files.exists(home.datasets().resolve(target))) {
        files.copyWhole(dataset, home.datasets().resolve(target));
      }
      return target;
    }
    String folder = sum(dataset, parts) + "-" + name;
    copy(InputFiles.besideOf(dataset), parts, home.datasets().resolve(folder));
    return Files.isDirectory(dataset) ? folder : folder + "/" + name;
  }

  /** The files that belong together, of those that a dataset names only the ones below it. */
  private static List<Path> parts(Path dataset) throws IOException {
    if (Files.isDirectory(dataset)) {
      return InputFiles.filesOf(dataset);
    }
    Path beside = InputFiles.besideOf(dataset);
    List<Path> parts = new ArrayList<>(List.of(dataset.toAbsolutePath().normalize()));
    for (Path named : DatasetMedia.of(dataset)) {
      Path file = beside.resolve(named).normalize();
      if (!named.isAbsolute() && file.startsWith(beside) && Files.isRegularFile(file)) {
        parts.add(file);
      }
    }
    return parts.stream().distinct().sorted().toList();
  }

  private static String sum(Path dataset, List<Path> parts) throws IOException {
    Path beside = InputFiles.besideOf(dataset);
    StringBuilder sums = new StringBuilder();
    for (Path part : parts) {
      String name = beside.relativize(part).toString();
      sums.append(InputFiles.describe(name, part).sha256()).append("  ").append(name).append('\n');
    }
    return InputFiles.sha256(sums.toString().getBytes(StandardCharsets.UTF_8));
  }

  private void copy(Path from, List<Path> parts, Path to) throws IOException {
    if (Files.exists(to)) {
      return;
    }
    Path building = home.datasets().resolve("." + UUID.randomUUID() + ".tmp");
    try {
      for (Path part : parts) {
        Path copy = building.resolve(from.relativize(part).toString());
        files.createDirectories(copy.getParent());
        files.copyWhole(part, copy);
      }
      files.moveIfFree(building, to);
    } finally {
      files.delete(building);
    }
  }
}
