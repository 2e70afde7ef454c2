package dev.caravan.pipeline.run;

import dev.caravan.pipeline.process.ProcessIdentity;
import dev.caravan.pipeline.process.ProcessRecord;
import dev.caravan.pipeline.process.ProcessRunner;
import dev.caravan.pipeline.process.TempFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes every process that is started in {@code .caravan/processes/}, so that a later Caravan can
 * end what a dead one left. What a living one runs is never touched.
 */
public final class OrphanReaper {

  private static final Logger LOG = LoggerFactory.getLogger(OrphanReaper.class);
  private static final Duration LONGEST_WRITE = Duration.ofMinutes(1);

  /**
   * One process and the Caravan that started it.
   *
   * @param owner pid of that Caravan
   * @param ownerTicks when it started, in clock ticks since boot
   */
  record Note(
      long owner,
      long ownerTicks,
      long pid,
      long startTicks,
      String bootId,
      String temp,
      String directory) {

    static Note of(ProcessRecord process) {
      ProcessIdentity own = ProcessIdentity.current();
      return new Note(
          own.pid(),
          own.startTicks(),
          process.pid(),
          process.startTicks(),
          process.bootId(),
          process.temp().toString(),
          process.directory().toString());
    }

    boolean ownerLives() {
      return new ProcessIdentity(owner, ownerTicks, bootId).isAlive();
    }

    ProcessRecord process() {
      return new ProcessRecord(pid, startTicks, bootId, Path.of(temp), Path.of(directory));
    }
  }

  private final Path folder;
  private final Path temp;
  private final DurableFiles files;

  /**
   * Notes of this home.
   *
   * @param temp where the private temporary folders are made
   */
  public OrphanReaper(Home home, Path temp, DurableFiles files) {
    this.folder = home.state().resolve("processes");
    this.temp = temp;
    this.files = files;
  }

  /** Ends what dead Caravans of this home left running, and removes their temporary folders. */
  public void end() throws IOException {
    for (Path file : files.list(folder)) {
      if (isHalf(file)) {
        deleteIfOld(file);
      } else {
        read(file).filter(note -> !note.ownerLives()).ifPresent(note -> end(file, note));
      }
    }
    int folders = TempFolder.removeOrphaned(temp);
    if (folders > 0) {
      LOG.info("Removed {} temporary folders that earlier Caravans left", folders);
    }
  }

  /** Notes a process that was just started. */
  void add(ProcessRecord process) {
    try {
      files.createDirectories(folder);
      files.writeWhole(file(process), Json.file(Note.of(process)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot note the process " + process.pid(), e);
    }
  }

  /** Forgets a process whose tree is gone. */
  void remove(ProcessRecord process) {
    delete(file(process));
  }

  private void end(Path file, Note note) {
    int ended = ProcessRunner.killOrphans(note.process());
    if (ended > 0) {
      LOG.warn("Ended {} processes that an earlier Caravan (pid {}) left", ended, note.owner());
    }
    delete(file);
  }

  /** A note that is being written, or was when its Caravan was killed. */
  private static boolean isHalf(Path file) {
    return file.getFileName().toString().startsWith(".");
  }

  private void deleteIfOld(Path file) throws IOException {
    Instant written = Files.getLastModifiedTime(file).toInstant();
    if (written.isBefore(Instant.now().minus(LONGEST_WRITE))) {
      delete(file);
    }
  }

  private void delete(Path file) {
    try {
      files.delete(file);
    } catch (IOException e) {
      LOG.warn("Cannot remove {}: {}", file, e.toString());
    }
  }

  private static Optional<Note> read(Path file) {
    try {
      return Optional.of(Json.read(file, Note.class));
    } catch (IOException e) {
      LOG.warn("Not a note of a process: {}", file);
      return Optional.empty();
    }
  }

  private Path file(ProcessRecord process) {
    return folder.resolve(process.pid() + "-" + process.startTicks() + ".json");
  }
}
