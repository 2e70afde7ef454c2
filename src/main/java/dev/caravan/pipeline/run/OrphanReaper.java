package dev.caravan.pipeline.run;

import dev.caravan.pipeline.process.Launch;
import dev.caravan.pipeline.process.PidNamespace;
import dev.caravan.pipeline.process.ProcessExit;
import dev.caravan.pipeline.process.ProcessIdentity;
import dev.caravan.pipeline.process.ProcessRecord;
import dev.caravan.pipeline.process.ProcessRunner;
import dev.caravan.pipeline.process.StopSignal;
import dev.caravan.pipeline.process.TempFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import dev.caravan.storage.Leftovers;
import dev.caravan.storage.StateFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records every process that is started in {@code .caravan/processes/}, so that a later Caravan can
 * end the processes of one that died. Processes of a live Caravan are never touched.
 */
public final class OrphanReaper {

  private static final Logger LOG = LoggerFactory.getLogger(OrphanReaper.class);
  private static final Duration MAX_WRITE_TIME = Duration.ofMinutes(1);

  /**
   * A process and the Caravan that started it, as stored in a file.
   *
   * @param owner pid of that Caravan
   * @param ownerTicks start time of that Caravan, in clock ticks since boot
   * @param pid pid of the process
   * @param startTicks start time of the process, in clock ticks since boot
   * @param bootId the boot in which the ticks are counted
   * @param temp the private temporary folder of the process
   * @param directory working directory of the process
   * @param pidNamespace where the pids are those of that Caravan and the process
   */
  record Entry(
      long owner,
      long ownerTicks,
      long pid,
      long startTicks,
      String bootId,
      String temp,
      String directory,
      String pidNamespace) {

    Entry {
      Objects.requireNonNull(bootId, "boot_id");
      Path.of(temp);
      Path.of(directory);
      pidNamespace = pidNamespace == null ? PidNamespace.current() : pidNamespace; // of before
    }

    static Entry of(ProcessRecord process) {
      ProcessIdentity own = ProcessIdentity.current();
      return new Entry(
          own.pid(),
          own.startTicks(),
          process.pid(),
          process.startTicks(),
          process.bootId(),
          process.temp().toString(),
          process.directory().toString(),
          PidNamespace.current());
    }

    /** Of another container, we do not see the processes; they ended with the boot. */
    boolean isOfOthers() {
      return !pidNamespace.equals(PidNamespace.current())
          && bootId.equals(ProcessIdentity.currentBoot());
    }

    boolean ownerIsAlive() {
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
   * The process records of this home.
   *
   * @param temp parent of the private temporary folders
   */
  public OrphanReaper(Home home, Path temp, DurableFiles files) {
    this.folder = StateFolder.PROCESSES.in(home);
    this.temp = temp;
    this.files = files;
  }

  /**
   * Ends processes left over from dead Caravans of this home, and removes their temporary folders.
   * What it cannot end or remove is logged.
   */
  public void endOrphans() {
    try {
      files.list(folder).forEach(this::endOrphan);
    } catch (IOException e) {
      LOG.warn("Cannot read the records of processes in {}: {}", folder, e.toString());
    }
    int folders = TempFolder.removeOrphaned(temp);
    if (folders > 0) {
      LOG.info("Removed {} temporary folders left over from earlier Caravan processes", folders);
    }
  }

  private void endOrphan(Path file) {
    if (!isPartial(file)) {
      read(file).ifPresent(entry -> endOrphan(file, entry));
    } else if (Leftovers.isUnchanged(file, MAX_WRITE_TIME)) {
      delete(file);
    }
  }

  private void endOrphan(Path file, Entry entry) {
    if (!entry.isOfOthers()) {
      if (!entry.ownerIsAlive()) {
        end(file, entry);
      }
    } else if (PidNamespace.isOld(file)) {
      delete(file);
    }
  }

  /** Runs a process to its end, recorded while it runs. */
  public ProcessExit run(ProcessRunner runner, Launch launch, StopSignal stop) {
    return run(runner, launch, stop, () -> {});
  }

  /** Runs a process as above; {@code onStart} is called once it is recorded. */
  ProcessExit run(ProcessRunner runner, Launch launch, StopSignal stop, Runnable onStart) {
    AtomicReference<ProcessRecord> started = new AtomicReference<>();
    try {
      return runner.run(
          launch,
          stop,
          process -> {
            started.set(process);
            add(process);
            onStart.run();
          });
    } finally {
      Optional.ofNullable(started.get()).ifPresent(this::remove);
    }
  }

  /**
   * Records a process that was just started. A power cut may undo this: it ends the process too.
   */
  void add(ProcessRecord process) {
    try {
      files.createDirectories(folder);
      files.writeWithoutFolderSync(file(process), Json.file(Entry.of(process)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot record the process " + process.pid(), e);
    }
  }

  /** Removes the record of a process whose tree is gone. */
  void remove(ProcessRecord process) {
    delete(file(process));
  }

  private void end(Path file, Entry entry) {
    int ended = ProcessRunner.killOrphans(entry.process());
    if (ended > 0) {
      LOG.warn(
          "Ended {} processes left over from an earlier Caravan (pid {})", ended, entry.owner());
    }
    delete(file);
  }

  /** Whether this is a temporary file, still being written or left over from a kill. */
  private static boolean isPartial(Path file) {
    return file.getFileName().toString().startsWith(".");
  }

  private void delete(Path file) {
    try {
      files.deleteWithoutFolderSync(file);
    } catch (IOException e) {
      LOG.warn("Cannot remove {}: {}", file, e.toString());
    }
  }

  private static Optional<Entry> read(Path file) {
    try {
      return Json.readListed(file, Entry.class);
    } catch (IOException e) {
      LOG.warn("Not a process record: {}", file);
      return Optional.empty();
    }
  }

  private Path file(ProcessRecord process) {
    return folder.resolve(process.pid() + "-" + process.startTicks() + ".json");
  }
}
