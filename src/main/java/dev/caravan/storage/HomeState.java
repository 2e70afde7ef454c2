package dev.caravan.storage;

import dev.caravan.config.settings.SettingsRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Caravan's own files and folders in a home. Something else in the place of one of them is set
 * aside: its content is then missing, but the daemon starts. A folder that exists but is out of
 * reach may be intact: it stays, and no daemon starts.
 */
public final class HomeState {

  private static final Logger LOG = LoggerFactory.getLogger(HomeState.class);

  private final Home home;
  private final DurableFiles files;

  private HomeState(Home home, DurableFiles files) {
    this.home = home;
    this.files = files;
  }

  /**
   * Sets aside what is in the place of the files of the lock. All else in the home may be in use by
   * another daemon until this one has the lock.
   *
   * @throws SettingsRefusedException if one of them is out of reach
   */
  public static void prepareLock(Home home, DurableFiles files) {
    HomeState state = new HomeState(home, files);
    List.of(StateFile.LOCK, StateFile.PID).forEach(state::prepare);
  }

  /**
   * Sets aside what is in the place of Caravan's files and folders and is something else, and
   * creates the folders that commands use too: one that root's command created first would be
   * closed to the daemon.
   *
   * @throws SettingsRefusedException if one of them is out of reach
   */
  public static void prepare(Home home, DurableFiles files) {
    HomeState state = new HomeState(home, files);
    state.folders().forEach(state::prepare);
    List.of(StateFile.values()).forEach(state::prepare);
    Stream.of(StateFolder.values())
        .filter(StateFolder::isUsedByCommands)
        .forEach(folder -> state.create(folder.in(home)));
  }

  private void create(Path folder) {
    try {
      files.createDirectories(folder);
    } catch (IOException e) {
      LOG.warn("Cannot create {} now: {}", home.display(folder), e.toString());
    }
  }

  private List<Path> folders() {
    List<Path> folders =
        new ArrayList<>(List.of(home.claimed(), home.done(), home.failed(), home.dead()));
    for (StateFolder folder : StateFolder.values()) {
      folders.add(folder.in(home));
    }
    return folders;
  }

  private void prepare(StateFile file) {
    Path path = file.in(home);
    if (attributes(path).filter(is -> !is.isRegularFile()).isPresent()) {
      setAside(path, "a file");
    }
  }

  private void prepare(Path folder) {
    Optional<BasicFileAttributes> found = attributes(folder);
    if (found.filter(is -> is.isRegularFile() || is.isOther()).isPresent()) {
      setAside(folder, "a folder");
    } else if (found.isPresent()) {
      checkAccess(folder, found.get().isSymbolicLink());
    }
  }

  /** What is at a path, without following a link; empty if there is nothing. */
  private static Optional<BasicFileAttributes> attributes(Path path) {
    try {
      return Optional.of(
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new SettingsRefusedException("cannot look at " + path + ": " + e);
    }
  }

  private static void checkAccess(Path folder, boolean isLink) {
    if (isLink && !Files.isDirectory(folder)) {
      throw new SettingsRefusedException(
          folder + owner(folder) + " is a link to no folder; is its disk mounted?");
    }
    if (!Files.isReadable(folder) || !Files.isWritable(folder) || !Files.isExecutable(folder)) {
      throw new SettingsRefusedException(
          "cannot read and write the folder " + folder + owner(folder));
    }
  }

  private static String owner(Path path) {
    try {
      return " (of " + Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName() + ")";
    } catch (IOException e) {
      return " (its owner is unknown: " + e + ")";
    }
  }

  private void setAside(Path path, String expected) {
    try {
      Path aside = files.setAside(path);
      LOG.error("{} was not {}; renamed to {}", home.display(path), expected, aside.getFileName());
    } catch (IOException e) {
      LOG.error("{} is not {}: {}", home.display(path), expected, e.toString());
    }
  }
}
