package dev.caravan.pipeline.accept;

import dev.caravan.model.Batch;
import dev.caravan.model.BatchRecord;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds batches as people name them: by folder, by id ({@code <batch_name>/<timestamp>}), or by
 * bare name, which means the newest, or by {@code latest} and {@code latest~1}. Ids and names are
 * looked for in the home's usual results folder, in the results roots, and where unfinished batches
 * lie.
 */
public final class BatchFinder {

  /** The newest batch of all, or the one so many before it. */
  private static final Pattern LATEST = Pattern.compile("latest(?:~(\\d{1,6}))?");

  private final Home home;
  private final List<Path> roots;
  private final OpenBatches open;

  /**
   * A finder for a home.
   *
   * @param roots results roots besides the home
   */
  public BatchFinder(Home home, List<Path> roots, OpenBatches open) {
    this.home = home;
    this.roots = List.copyOf(roots);
    this.open = open;
  }

  /**
   * The folder of the batch that is meant; empty when there is none.
   *
   * @param here relative folders are looked for from here first, then from the home
   */
  public Optional<Path> find(String name, Path here) throws IOException {
    List<Path> places = new ArrayList<>(List.of(here, home.root()));
    places.addAll(bases());
    for (Path place : places) {
      Optional<Path> folder = resolved(place, name).filter(BatchFinder::isBatch);
      if (folder.isPresent()) {
        return folder;
      }
    }
    Matcher latest = LATEST.matcher(name);
    if (latest.matches()) {
      return newest(latest.group(1) == null ? 0 : Integer.parseInt(latest.group(1)));
    }
    return name.contains("/") ? Optional.empty() : newest(name);
  }

  /** All batches, the newest first. */
  public List<Path> all() throws IOException {
    DurableFiles files = new DurableFiles();
    List<Path> all = new ArrayList<>();
    for (Path base : bases()) {
      for (Path parent : files.list(base)) {
        if (Files.isDirectory(parent)) {
          all.addAll(files.list(parent).stream().filter(BatchFinder::isBatch).toList());
        }
      }
    }
    Map<Path, Instant> told = new HashMap<>();
    return all.stream()
        .distinct()
        .sorted(
            Comparator.comparing(BatchFinder::second)
                .thenComparing(folder -> told.computeIfAbsent(folder, BatchFinder::accepted))
                .thenComparing(BatchFinder::order)
                .reversed())
        .toList();
  }

  private Optional<Path> newest(int back) throws IOException {
    return all().stream().skip(back).findFirst();
  }

  /** The unfinished batches, in the order in which they were accepted. */
  public List<Path> unfinished() throws IOException {
    return open.folders();
  }

  private Optional<Path> newest(String name) throws IOException {
    List<Path> all = new ArrayList<>();
    for (Path base : bases()) {
      Optional<Path> parent = resolved(base, name);
      if (parent.isPresent()) {
        all.addAll(
            new DurableFiles().list(parent.get()).stream().filter(BatchFinder::isBatch).toList());
      }
    }
    return all.stream().max(Comparator.comparing(BatchFinder::order));
  }

  private static String second(Path folder) {
    String[] parts = folder.getFileName().toString().split("_", 3);
    return String.join("_", parts[0], parts.length > 1 ? parts[1] : "");
  }

  /** Asked only where names tell no difference: several batches may be accepted in one second. */
  private static Instant accepted(Path folder) {
    try {
      String told = Json.read(folder.resolve(Batch.RECORD), BatchRecord.class).acceptedAt();
      return told == null ? Instant.EPOCH : OffsetDateTime.parse(told).toInstant();
    } catch (IOException | DateTimeException e) {
      return Instant.EPOCH; // torn or of another program: its name decides
    }
  }

  /** So that the tenth batch of a second comes after its second. */
  private static String order(Path folder) {
    String[] parts = folder.getFileName().toString().split("_", 3);
    return second(folder) + (parts.length > 2 ? String.format("_%9s", parts[2]) : "");
  }

  /** Folders that hold folders of batches. */
  public Set<Path> bases() throws IOException {
    Set<Path> bases = new LinkedHashSet<>();
    bases.add(home.results());
    for (OpenBatches.Entry entry : open.entries()) {
      Optional.ofNullable(Path.of(entry.parent()).getParent()).ifPresent(bases::add);
    }
    bases.addAll(roots);
    return bases;
  }

  private static boolean isBatch(Path folder) {
    return !folder.getFileName().toString().startsWith(".")
        && Files.isRegularFile(folder.resolve(Batch.RECORD));
  }

  private static Optional<Path> resolved(Path place, String name) {
    try {
      return name.isBlank() ? Optional.empty() : Optional.of(place.resolve(name).normalize());
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
