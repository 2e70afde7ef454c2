package dev.caravan.storage;

import java.nio.file.Path;

/**
 * The places of a home.
 *
 * @param root an absolute path
 */
public record Home(Path root) {

  /** Where configs are dropped. */
  public Path inbox() {
    return root.resolve("inbox");
  }

  /** Configs that are being accepted. */
  public Path claimed() {
    return inbox().resolve(".claimed");
  }

  /** Accepted configs. */
  public Path done() {
    return inbox().resolve(".done");
  }

  /** Refused configs, each with its problems. */
  public Path failed() {
    return inbox().resolve(".failed");
  }

  /** Dead letters. */
  public Path dead() {
    return inbox().resolve(".dead");
  }

  /** Input files that configs may name. */
  public Path datasets() {
    return root.resolve("datasets");
  }

  /** Route files that replace or join the shipped ones. */
  public Path routes() {
    return root.resolve("routes");
  }

  /** Caravan's own files. */
  public Path state() {
    return root.resolve(".caravan");
  }

  /** One file for each batch that is not finished. */
  public Path open() {
    return state().resolve("open");
  }

  /** Orders to the daemon that are not carried out yet. */
  public Path control() {
    return state().resolve("control");
  }

  /** Orders that hold for the whole home. */
  public Path controlFile() {
    return state().resolve("control.json");
  }

  /** Events on their way to those who asked for them. */
  public Path outbox() {
    return state().resolve("outbox");
  }

  /** What the daemon says of itself. */
  public Path status() {
    return state().resolve("status.json");
  }

  /** API keys by name, mode 0600. */
  public Path keys() {
    return state().resolve("keys.env");
  }

  /** Private temporary folders of runs. */
  public Path temp() {
    return state().resolve("tmp");
  }

  /** Where results lie when a config says nothing else. */
  public Path results() {
    return root.resolve("aiperf_results");
  }

  /** The path as people see it: relative to the home when it lies below, else absolute. */
  public String shown(Path path) {
    return path.startsWith(root) ? root.relativize(path).toString() : path.toString();
  }
}
