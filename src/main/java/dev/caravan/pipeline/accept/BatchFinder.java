package dev.caravan.pipeline.accept;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.model.BatchRecord;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds batches by folder, by id ({@code <batch_name>/<timestamp>}), by bare name, which means the
 * newest of that name, by {@code latest}, the newest of all, or by {@code nightly~1}, {@code
 * latest~2} and so on, which means that many before it. Ids and names are searched in the home's
 * default results folder, in the other output folders of its batches, and in the results roots.
 */
public final class BatchFinder {

  /** The name of the newest batch of all. */
  private static final String LATEST = "latest";

  /** A name, and how many batches before the newest. */
  private static final Pattern EARLIER = Pattern.compile("(.+)~(\\d{1,6})");

  /** The id of a batch, with its name. */
  private static final Pattern ID =
      Pattern.compile("([^./\\\\\\p{Cntrl}][^/\\\\\\p{Cntrl}]{0,254})/\\d{8}_\\d{6}\\w{0,99}");

  private final Home home;
  private final List<Path> roots;
  private final OpenBatches open;
  private final BatchTree tree = new BatchTree(new DurableFiles());

  /** A finder for the home of these settings and its results roots. */
  public static BatchFinder of(Settings settings) {
    return of(settings, new OpenBatches(new Home(settings.home()), new DurableFiles()));
  }

  /** The same, with these open batches. */
  public static BatchFinder of(Settings settings, OpenBatches open) {
    Home home = new Home(settings.home());
    return new BatchFinder(
        home,
        settings.list(Setting.RESULTS_ROOTS).stream().map(home.root()::resolve).toList(),
        open);
  }

  /**
   * Searches a home.
   *
   * @param roots results roots outside the home
   */
  public BatchFinder(Home home, List<Path> roots, OpenBatches open) {
    this.home = home;
    this.roots = List.copyOf(roots);
    this.open = open;
  }

  /**
   * The folder of the batch of this name; empty when there is none.
   *
   * @param workingDirectory relative folders are resolved here first, then in the home
   * @throws SeveralBatchesException when different batches in several output folders have this id
   */
  public Optional<Path> find(String name, Path workingDirectory) throws IOException {
    for (Path parent : List.of(workingDirectory, home.root())) {
      Optional<Path> folder = resolved(parent, name).filter(BatchTree::isBatch);
      if (folder.isPresent()) {
        return folder;
      }
    }
    Optional<Path> byId = only(name, (output, folder) -> true);
    if (byId.isPresent() || name.contains("/")) {
      return byId;
    }
    Optional<Path> newest = named(name).stream().findFirst();
    Matcher earlier = EARLIER.matcher(name);
    return newest.isPresent() || !earlier.matches()
        ? newest
        : named(earlier.group(1)).stream().skip(Integer.parseInt(earlier.group(2))).findFirst();
  }

  /** All batches, newest first. */
  public List<Path> all() throws IOException {
    return newestFirst(folders());
  }

  /** The folders of all batches, each once, in no particular order. */
  public List<Path> folders() throws IOException {
    return tree.below(outputFolders());
  }

  private static List<Path> newestFirst(List<Path> folders) {
    return new NewestFirst(ZoneId.systemDefault()).of(folders);
  }

  /**
   * The batch of this id or name in an output folder; no other folder is looked at.
   *
   * @throws SeveralBatchesException as {@link #find}
   */
  public Optional<Path> inOutputFolders(String name) throws IOException {
    if (!name.contains("/")) {
      return find(name, home.results());
    }
    return only(name, (output, folder) -> folder.startsWith(output));
  }

  /** The batch of this id in the output folders; of the copies of one batch, the first. */
  private Optional<Path> only(String id, BiPredicate<Path, Path> isWanted) throws IOException {
    List<Path> found = new ArrayList<>();
    Set<String> claims = new HashSet<>();
    for (Path output : outputFolders()) {
      Optional<Path> folder =
          resolved(output, id)
              .filter(each -> isWanted.test(output, each))
              .filter(BatchTree::isBatch);
      if (folder.filter(each -> claims.add(claim(each))).isPresent()) {
        found.add(folder.get());
      }
    }
    if (found.size() > 1) {
      throw new SeveralBatchesException(id, found);
    }
    return found.stream().findFirst();
  }

  /** What identifies a batch: the claim that became it, or else its folder. */
  private static String claim(Path folder) {
    try {
      return Json.read(folder.resolve(BatchFolder.RECORD), BatchRecord.class).claimId();
    } catch (IOException | RuntimeException e) {
      return folder.toString();
    }
  }

  /** The unfinished batches, in order of acceptance. */
  public List<Path> unfinished() throws IOException {
    return open.folders();
  }

  /** The batches of this name, newest first; all batches when it is {@code latest}. */
  public List<Path> named(String name) throws IOException {
    return name.equals(LATEST) ? all() : below(name);
  }

  /**
   * The batches that share the name of this one, newest first. Its id may be from an archive that
   * somebody else made: what is not {@code <batch_name>/<timestamp>} shares its name with none.
   */
  public List<Path> namesakes(String id) throws IOException {
    Matcher plain = ID.matcher(id);
    return plain.matches() ? below(plain.group(1)) : List.of();
  }

  /** The batches in the folders of this name, which are directly in the output folders. */
  private List<Path> below(String name) throws IOException {
    List<Path> parents = new ArrayList<>();
    for (Path output : outputFolders()) {
      resolved(output, name)
          .filter(each -> output.normalize().equals(each.getParent()))
          .ifPresent(parents::add);
    }
    return newestFirst(tree.in(parents));
  }

  /** The output folders: their subfolders are named by batch and contain batch folders. */
  public Set<Path> outputFolders() throws IOException {
    Set<Path> folders = new LinkedHashSet<>();
    folders.add(home.results());
    for (OpenBatches.Entry entry : open.entries()) {
      Optional.ofNullable(Path.of(entry.parent()).getParent()).ifPresent(folders::add);
    }
    folders.addAll(open.outputs().known());
    folders.addAll(roots);
    return folders;
  }

  private static Optional<Path> resolved(Path parent, String name) {
    try {
      return name.isBlank() ? Optional.empty() : Optional.of(parent.resolve(name).normalize());
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
