package dev.caravan.pipeline.accept;

import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import dev.caravan.storage.RegularFiles;
import dev.caravan.storage.StateFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The output folders that the batches of a home were written to, so that batches are found by name
 * after they ended: one small file each in {@code .caravan/outputs/}. Without that folder, those of
 * a home that a daemon has served are found by a scan.
 */
final class OutputFolders {

  /** One folder; relative to the home when it is inside, so that a home can be moved. */
  private record Entry(String folder) {}

  private static final Logger LOG = LoggerFactory.getLogger(OutputFolders.class);
  private static final int MAX_DEPTH = 5;

  private final Home home;
  private final DurableFiles files;

  OutputFolders(Home home, DurableFiles files) {
    this.home = home;
    this.files = files;
  }

  /** Remembers the output folder of a batch that is about to be created. */
  void remember(Path output) throws IOException {
    prepare();
    write(output, folder());
  }

  /**
   * Reserves an id for the batch that this claim is about to become; false when a batch in one of
   * these folders has it, or another claim has reserved it. If the process of that claim is killed
   * before it {@link #release}s the id, no batch ever gets that id.
   */
  boolean reserve(String id, String claimId) throws IOException {
    prepare();
    Path file = reservation(id);
    if (!files.writeNew(file, claimId.getBytes(StandardCharsets.UTF_8)) && !isOf(file, claimId)) {
      return false;
    }
    Set<Path> folders = new LinkedHashSet<>(known());
    folders.add(home.results());
    boolean isTaken = folders.stream().anyMatch(each -> Files.exists(each.resolve(id)));
    if (isTaken) {
      release(id);
    }
    return !isTaken;
  }

  /** Releases a reserved id once its batch exists, or will never exist. */
  void release(String id) {
    try {
      files.deleteWithoutFolderSync(reservation(id));
    } catch (IOException e) {
      LOG.debug("Cannot delete {}: {}", reservation(id), e.toString());
    }
  }

  /**
   * Whether this claim made the reservation, in an earlier process that was killed; false if there
   * is no reservation any more.
   */
  private static boolean isOf(Path reservation, String claimId) throws IOException {
    try {
      return RegularFiles.text(reservation).equals(claimId);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** A name that differs from those of the entries, which end in {@code .json}. */
  private Path reservation(String id) {
    return folder().resolve(uuid(id) + ".id");
  }

  private static UUID uuid(String text) {
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  private void prepare() throws IOException {
    if (!Files.isDirectory(folder())) {
      create();
    }
  }

  private void create() throws IOException {
    Set<Path> found = scan();
    if (found.isEmpty()) {
      files.createDirectories(folder());
    } else {
      create(found);
    }
  }

  /** Appears whole, with what a scan finds: once the folder is there, nobody scans again. */
  private void create(Set<Path> found) throws IOException {
    Path building = home.state().resolve("outputs." + UUID.randomUUID() + ".tmp");
    files.createDirectories(building);
    try {
      for (Path each : found) {
        write(each, building);
      }
      files.moveIfFree(building, folder());
    } finally {
      files.delete(building);
    }
  }

  /** All output folders that are known. */
  Set<Path> known() throws IOException {
    if (!Files.isDirectory(folder())) {
      return scan();
    }
    Set<Path> folders = new LinkedHashSet<>();
    for (Path file : files.list(folder())) {
      read(file).ifPresent(folders::add);
    }
    return folders;
  }

  private void write(Path output, Path folder) throws IOException {
    String shown = home.display(output);
    Path file = folder.resolve(uuid(shown) + ".json");
    if (!output.equals(home.results()) && !Files.exists(file)) {
      files.writeWhole(file, Json.file(new Entry(shown)));
    }
  }

  private Optional<Path> read(Path file) {
    try {
      return file.getFileName().toString().endsWith(".json")
          ? Optional.ofNullable(Json.read(file, Entry.class).folder()).map(home.root()::resolve)
          : Optional.empty();
    } catch (IOException | InvalidPathException e) {
      LOG.warn("Not the name of an output folder: {}", file);
      return Optional.empty();
    }
  }

  private Path folder() {
    return StateFolder.OUTPUTS.in(home);
  }

  /** Scans no other folders: a command may run in one that holds much else. */
  private Set<Path> scan() throws IOException {
    Set<Path> found = new LinkedHashSet<>();
    if (Files.isDirectory(home.openBatches())) {
      Files.walkFileTree(
          home.root(), EnumSet.noneOf(FileVisitOption.class), MAX_DEPTH, new Scan(found));
    }
    return found;
  }

  /** Looks for batch folders, {@code <output folder>/<batch name>/<timestamp>}. */
  private final class Scan extends SimpleFileVisitor<Path> {
    private final Set<Path> found;

    Scan(Set<Path> found) {
      this.found = found;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      String name = folder.equals(home.root()) ? "" : folder.getFileName().toString();
      boolean isLeftOut =
          name.startsWith(".") || home.reserved().contains(folder) || folder.equals(home.results());
      if (!isLeftOut && Files.isRegularFile(folder.resolve(BatchFolder.RECORD))) {
        Path output = folder.getParent().getParent();
        if (output.startsWith(home.root())) {
          found.add(output);
        }
        return FileVisitResult.SKIP_SUBTREE;
      }
      return isLeftOut ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException unreadable) {
      return FileVisitResult.CONTINUE;
    }
  }
}
