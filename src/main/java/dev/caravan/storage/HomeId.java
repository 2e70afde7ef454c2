package dev.caravan.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The unique id of a home, which batches name as their owner. A home keeps its id when it is moved;
 * a copy of a home gets a new one, so that no batch is executed by both. The id is kept twice, in
 * {@code id} and in {@code place}, since a home without its id loses its unfinished batches.
 */
public final class HomeId {

  private static final Logger LOG = LoggerFactory.getLogger(HomeId.class);
  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private HomeId() {}

  /**
   * The home's id; created at the first call.
   *
   * @throws IOException also when the id is there but cannot be read at the moment: another one
   *     would disown the unfinished batches
   */
  public static String of(Home home, DurableFiles files) throws IOException {
    files.createDirectories(home.state());
    Optional<String> stored = id(lines(StateFile.ID.in(home)), 0);
    List<String> recorded = lines(StateFile.PLACE.in(home));
    Optional<String> known = stored.or(() -> id(recorded, 1));
    String id = known.filter(kept -> !isCopy(home, recorded, kept)).orElseGet(HomeId::newId);
    if (stored.isEmpty()) {
      setAsideDamaged(home, known, files);
      if (!files.writeNew(StateFile.ID.in(home), content(id))) {
        return of(home, files); // that of another process, which was first
      }
    } else if (!stored.equals(Optional.of(id))) {
      write(files, StateFile.ID.in(home), id);
    }
    List<String> place = List.of(home.root().toString(), id);
    if (!recorded.equals(place)) {
      write(files, StateFile.PLACE.in(home), String.join("\n", place));
    }
    return id;
  }

  /** The home's id; empty as long as it has none. */
  public static Optional<String> find(Home home) throws IOException {
    return id(lines(StateFile.ID.in(home)), 0);
  }

  private static Optional<String> id(List<String> lines, int index) {
    return lines.stream().skip(index).findFirst().filter(line -> ID.matcher(line).matches());
  }

  private static String newId() {
    return UUID.randomUUID().toString();
  }

  /** Keeps what is in the place of the id, and says what it costs that the home has lost it. */
  private static void setAsideDamaged(Home home, Optional<String> known, DurableFiles files)
      throws IOException {
    Path file = StateFile.ID.in(home);
    boolean exists = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    if (exists && find(home).isPresent()) {
      return; // that of another process, meanwhile
    }
    if (known.isPresent()) {
      LOG.warn("{} contains no id; restored from {}", file, StateFile.PLACE.in(home).getFileName());
    } else if (exists) {
      LOG.error("{} contains no id and gets a new one: earlier batches are not resumed", file);
    }
    if (exists) {
      files.setAside(file);
    }
  }

  /** Whether the recorded path still holds another home with this id. */
  private static boolean isCopy(Home home, List<String> place, String id) {
    try {
      Optional<Home> other = place.stream().findFirst().map(path -> new Home(Path.of(path)));
      return other.isPresent()
          && id(lines(StateFile.ID.in(other.get())), 0).equals(Optional.of(id))
          && !Files.isSameFile(other.get().state(), home.state());
    } catch (IOException | InvalidPathException e) {
      return false; // a damaged note of the place tells nothing
    }
  }

  private static List<String> lines(Path file) throws IOException {
    try {
      return RegularFiles.text(file).strip().lines().toList();
    } catch (NoSuchFileException | DamagedFileException absentOrDamaged) {
      return List.of();
    }
  }

  private static void write(DurableFiles files, Path file, String text) throws IOException {
    boolean exists = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    if (exists && !RegularFiles.exists(file)) {
      files.setAside(file);
    }
    files.writeWhole(file, content(text));
  }

  private static byte[] content(String text) {
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
