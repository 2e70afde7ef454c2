package dev.caravan.pipeline.run;

import dev.caravan.pipeline.process.Masking;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import dev.caravan.storage.RunFolder;
import dev.caravan.storage.StateFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of attempts that may contain an API key that is no longer known. Until the owner
 * releases them, they are in the folder {@value RunFolder#WITHHELD} of their attempt, which only
 * the owner can read and which is neither served nor sent, with a note in {@code
 * .caravan/withheld/}.
 */
public final class WithheldFiles {

  private static final Logger LOG = LoggerFactory.getLogger(WithheldFiles.class);

  private final Home home;
  private final Path notes;
  private final DurableFiles files;

  /**
   * An attempt whose files are withheld.
   *
   * @param run id of its run
   * @param attempt its number
   * @param variable the variable that the key came from
   * @param folder the folder of the attempt
   */
  public record Withheld(String run, int attempt, String variable, Path folder) {}

  public WithheldFiles(Home home, DurableFiles files) {
    this.home = home;
    this.notes = StateFolder.WITHHELD.in(home);
    this.files = files;
  }

  /** All attempts whose files are withheld. */
  public List<Withheld> all() throws IOException {
    List<Withheld> all = new ArrayList<>();
    for (Path file : files.list(notes)) {
      read(file).flatMap(this::withheld).ifPresent(all::add);
    }
    return all;
  }

  /** The ids of their runs. */
  public List<String> runs() throws IOException {
    return all().stream().map(Withheld::run).toList();
  }

  /**
   * Releases the files of attempts: masked, if the key that was used is set again; else as they are
   * if {@code unmasked} says so.
   *
   * @return the attempts that were released
   */
  public List<Withheld> release(KeyNotes keys, boolean unmasked) throws IOException {
    List<Withheld> released = new ArrayList<>();
    for (Path file : files.list(notes)) {
      Optional<KeyNote> note = read(file);
      Optional<Withheld> withheld = note.flatMap(this::withheld);
      Optional<Masking> masking = note.flatMap(keys::masking);
      if (withheld.isPresent() && (masking.isPresent() || unmasked)) {
        release(withheld.get().folder(), masking);
        files.delete(file);
        released.add(withheld.get());
      }
    }
    return released;
  }

  private void release(Path attempt, Optional<Masking> masking) throws IOException {
    Path folder = attempt.resolve(RunFolder.WITHHELD);
    if (masking.isPresent()) {
      new FileMasker(files).mask(files.list(folder), folder, masking.get());
    }
    for (Path entry : files.list(folder)) {
      files.move(entry, attempt.resolve(entry.getFileName()));
    }
    files.delete(folder);
  }

  /** Keeps what is withheld below a folder that is about to be deleted, in one of its own. */
  public void keep(Path deleted, String name) throws IOException {
    for (Path file : files.list(notes)) {
      Optional<KeyNote> note = read(file).filter(each -> runFolder(each).startsWith(deleted));
      if (note.isPresent()) {
        keep(note.get(), file, StateFolder.ATTEMPTS.in(home).resolve(name));
      }
    }
  }

  /** A kill in between leaves the files at their new place, and the note to be written again. */
  private void keep(KeyNote note, Path file, Path place) throws IOException {
    Path kept = place.resolve(RunFolder.WITHHELD);
    Optional<Withheld> withheld = withheld(note);
    if (withheld.isPresent()) {
      files.createDirectories(place);
      files.move(withheld.get().folder().resolve(RunFolder.WITHHELD), kept);
    }
    if (Files.isDirectory(kept, LinkOption.NOFOLLOW_LINKS)) {
      files.writePrivate(file, Json.file(note.in(home.display(place))));
    }
  }

  private Path runFolder(KeyNote note) {
    return home.root().resolve(note.folder());
  }

  private Optional<Withheld> withheld(KeyNote note) {
    Path runFolder = runFolder(note);
    Path archived = runFolder.resolve(RunFolder.ATTEMPTS).resolve(String.valueOf(note.attempt()));
    return Stream.of(archived, runFolder)
        .filter(
            folder ->
                Files.isDirectory(folder.resolve(RunFolder.WITHHELD), LinkOption.NOFOLLOW_LINKS))
        .findFirst()
        .map(folder -> new Withheld(note.run(), note.attempt(), note.variable(), folder));
  }

  private static Optional<KeyNote> read(Path file) {
    try {
      return Json.readListed(file, KeyNote.class).filter(KeyNote::isWhole);
    } catch (IOException e) {
      LOG.warn("Cannot read {}: {}", file, e.toString());
      return Optional.empty();
    }
  }

  /** Withholds what an attempt left in its run folder. */
  void withhold(KeyNote note, Path runFolder, List<Path> entries) throws IOException {
    files.createDirectories(notes);
    files.writePrivate(file(note.folder(), note.attempt()), Json.file(note));
    Path folder = runFolder.resolve(RunFolder.WITHHELD);
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      files.delete(folder); // a link or a file that aiperf made
    }
    files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    for (Path entry : entries) {
      if (!entry.equals(folder) && !entry.endsWith(RunFolder.RUN_METADATA)) {
        files.move(entry, FileMasker.unused(folder.resolve(entry.getFileName())));
      }
    }
    LOG.warn("[{}] {}", note.run(), message(note.variable()));
  }

  /** Whether files of this attempt are withheld, by the note and not by what aiperf left. */
  boolean isWithheld(Path runFolder, int attempt) {
    return Files.exists(file(home.display(runFolder), attempt), LinkOption.NOFOLLOW_LINKS);
  }

  private Path file(String runFolder, int attempt) {
    byte[] name = (runFolder + "/" + attempt).getBytes(StandardCharsets.UTF_8);
    return notes.resolve(UUID.nameUUIDFromBytes(name) + ".json");
  }

  /** Why files of an attempt are missing. */
  static String message(String variable) {
    return "aiperf's files of this attempt were withheld: they may contain the value that "
        + variable
        + " had when it started, which was no longer set; see caravan release --help";
  }
}
