package dev.caravan.storage;

import java.nio.file.Path;

/** The files of a home's {@code .caravan/} that Caravan itself writes. */
public enum StateFile {
  /** See {@link HomeId}. */
  ID("id"),
  /** Where the home is, see {@link HomeId}. */
  PLACE("place"),
  /** See {@link HomeLock}. */
  LOCK("lock"),
  /** The process that holds the lock. */
  PID("pid"),
  /** The daemon's status. */
  STATUS("status.json"),
  /** The pauses of a home. */
  CONTROL("control.json"),
  /** A hub's workers. */
  WORKERS("workers.json"),
  /** Past outages of services. */
  OUTAGES("outages.json"),
  /** Past starts of the daemon. */
  STARTS("starts.txt"),
  /** See {@link HomeSecret}. */
  SECRET("secret");

  private final String file;

  StateFile(String file) {
    this.file = file;
  }

  /** The file in this home. */
  public Path in(Home home) {
    return home.state().resolve(file);
  }
}
