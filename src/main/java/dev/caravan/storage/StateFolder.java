package dev.caravan.storage;

import java.nio.file.Path;

/** The folders of a home's {@code .caravan/}. */
public enum StateFolder {
  /** The list of unfinished batches. */
  OPEN("open"),
  /** Pending control requests. */
  CONTROL("control", true),
  /** Events waiting to be delivered. */
  OUTBOX("outbox"),
  /** Output folders of batches. */
  OUTPUTS("outputs"),
  /** Comparisons of ended batches that are due. */
  COMPARING("comparing"),
  /** Processes that were started. */
  PROCESSES("processes"),
  /** What hooks prepared each target for. */
  PREPARED("prepared"),
  /** Which attempts are not masked yet. */
  UNMASKED("unmasked"),
  /** Which attempts are withheld. */
  WITHHELD("withheld"),
  /** Withheld files whose run folder is gone. */
  ATTEMPTS("attempts"),
  /** What is read faster a second time. */
  CACHE("cache", true),
  /** Private temporary folders of runs. */
  TEMP("tmp"),
  /** A hub's runs that were sent to workers. */
  IN_FLIGHT("in-flight"),
  /** A hub's runs that counted as lost. */
  SUPERSEDED("superseded"),
  /** Configs that a hub received as messages. */
  SUBMITTED("submitted"),
  /** Results while a hub receives them. */
  INCOMING("incoming"),
  /** Results while a worker sends them. */
  OUTGOING("outgoing"),
  /** A worker's runs. */
  SPOOL("spool"),
  /** The journal of an embedded broker. */
  BROKER("broker");

  private final String folder;
  private final boolean usedByCommands;

  StateFolder(String folder) {
    this(folder, false);
  }

  StateFolder(String folder, boolean usedByCommands) {
    this.folder = folder;
    this.usedByCommands = usedByCommands;
  }

  /** Whether commands beside the daemon, perhaps of another user, write there too. */
  boolean isUsedByCommands() {
    return usedByCommands;
  }

  /** The folder in this home. */
  public Path in(Home home) {
    return home.state().resolve(folder);
  }
}
