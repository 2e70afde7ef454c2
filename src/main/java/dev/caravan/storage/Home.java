package dev.caravan.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files and folders of a home: the folder that a Caravan works in.
 *
 * @param root an absolute path
 * @param state the folder of Caravan's own files
 */
public record Home(Path root, Path state) {

  private static final Logger LOG = LoggerFactory.getLogger(Home.class);
  private static final String STATE = ".caravan";

  /** A home with Caravan's own files in {@code .caravan/}. */
  public Home(Path root) {
    this(root, root.resolve(STATE));
  }

  /**
   * The home of a command that runs in any folder. If Caravan may not write there, its own files go
   * to the user's state folder (XDG), and only results need a writable folder.
   */
  public static Home ofCommand(Path root, Map<String, String> environment, DurableFiles files) {
    Home home = new Home(root);
    try {
      files.createDirectories(home.state());
      if (Files.isWritable(home.state())) {
        return home;
      }
    } catch (IOException e) {
      LOG.debug("Cannot write to {}: {}", home.state(), e.toString());
    }
    String given = environment.getOrDefault("XDG_STATE_HOME", "");
    Path user =
        given.startsWith("/") ? Path.of(given) : UserFolder.of(environment).resolve(".local/state");
    UUID name = UUID.nameUUIDFromBytes(root.toString().getBytes(StandardCharsets.UTF_8));
    return new Home(root, user.resolve("caravan").resolve(name.toString()));
  }

  /** Where configs are dropped. */
  public Path inbox() {
    return root.resolve("inbox");
  }

  /** Configs being accepted. */
  public Path claimed() {
    return inbox().resolve(".claimed");
  }

  /** Accepted configs. */
  public Path done() {
    return inbox().resolve(".done");
  }

  /** Refused configs, each with its {@code .problems.txt}. */
  public Path failed() {
    return inbox().resolve(".failed");
  }

  /** Dead letters. */
  public Path dead() {
    return inbox().resolve(".dead");
  }

  /** Input files that configs may refer to. */
  public Path datasets() {
    return root.resolve("datasets");
  }

  /** The user's route files, which replace or extend the shipped ones. */
  public Path routes() {
    return root.resolve("routes");
  }

  /** One file per unfinished batch. */
  public Path openBatches() {
    return StateFolder.OPEN.in(this);
  }

  /** Pending orders to the daemon. */
  public Path control() {
    return StateFolder.CONTROL.in(this);
  }

  /** The file of the {@code HomeControl}. */
  public Path controlFile() {
    return StateFile.CONTROL.in(this);
  }

  /** Events waiting to be delivered. */
  public Path outbox() {
    return StateFolder.OUTBOX.in(this);
  }

  /** The daemon's status. */
  public Path status() {
    return StateFile.STATUS.in(this);
  }

  /** API keys as {@code NAME=value} lines, mode 0600. */
  public Path secretsFile() {
    return root.resolve(STATE).resolve("keys.env");
  }

  /** Private temporary folders of runs. */
  public Path temp() {
    return StateFolder.TEMP.in(this);
  }

  /** Folders that must not contain results. */
  public List<Path> reserved() {
    return List.of(inbox(), state(), routes(), datasets());
  }

  /** The default results folder. */
  public Path results() {
    return root.resolve("aiperf_results");
  }

  /** The path for display: relative to the home if it is below it, else absolute. */
  public String display(Path path) {
    return path.startsWith(root) ? root.relativize(path).toString() : path.toString();
  }
}
