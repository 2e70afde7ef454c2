package dev.caravan.storage;

import java.nio.file.Path;
import java.util.List;

/**
 * The files and folders of a home: the folder that a Caravan works in.
 *
 * @param root an absolute path
 */
public record Home(Path root) {

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

  /** Caravan's own files. */
  public Path state() {
    return root.resolve(".caravan");
  }

  /** One file per unfinished batch. */
  public Path openBatches() {
    return state().resolve("open");
  }

  /** Pending orders to the daemon. */
  public Path control() {
    return state().resolve("control");
  }

  /** The file of the {@code HomeControl}. */
  public Path controlFile() {
    return state().resolve("control.json");
  }

  /** Events waiting to be delivered. */
  public Path outbox() {
    return state().resolve("outbox");
  }

  /** The daemon's status. */
  public Path status() {
    return state().resolve("status.json");
  }

  /** API keys as {@code NAME=value} lines, mode 0600. */
  public Path secretsFile() {
    return state().resolve("keys.env");
  }

  /** Private temporary folders of runs. */
  public Path temp() {
    return state().resolve("tmp");
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
