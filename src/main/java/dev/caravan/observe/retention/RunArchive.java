package dev.caravan.observe.retention;

import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.FileNames;
import dev.caravan.storage.RegularFiles;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * The archive of a run: a zip file in its folder of all files but those that tables, reports and
 * comparisons are made from. Unpacking it in that folder brings the files back. A file is deleted
 * only when the archive on disk has the same content.
 */
final class RunArchive {

  /** Something that must hold before files are deleted. */
  @FunctionalInterface
  interface Check {

    /** Fails, with words for the user, when it does not hold. */
    void pass() throws IOException;
  }

  /** The name of the archive. */
  static final String NAME = "files.zip";

  /** An archive of less would free next to nothing, and be tried again at each end of a batch. */
  private static final long MIN_BYTES = 4_096;

  /** What stays as it is, of the run and of its earlier attempts. */
  private static final Set<String> KEPT =
      Set.of(
          NAME,
          RunFolder.PROCESS_RESULT,
          RunFolder.RUN_METADATA,
          RunFolder.ENVIRONMENT,
          "profile_export_aiperf.json",
          "server_metrics_export.json");

  private final Path run;
  private final Path archive;
  private final DurableFiles files;

  RunArchive(Path run, DurableFiles files) {
    this.run = run;
    this.archive = run.resolve(NAME);
    this.files = files;
  }

  /**
   * The runs in a batch folder whose files can be compressed. Folders of other programs and what
   * aiperf makes in a run's folder are none.
   */
  static List<Path> runs(Path batch, DurableFiles files) throws IOException {
    if (isRun(batch)) {
      return List.of(batch);
    }
    return files.list(batch).stream()
        .filter(folder -> !Files.isSymbolicLink(folder) && isRun(folder))
        .toList();
  }

  private static boolean isRun(Path folder) {
    return RegularFiles.exists(new RunFolder(folder).processResult());
  }

  /** Number of bytes of the files that it would hold; 0 if they are too few for an archive. */
  long plannedBytes() throws IOException {
    return bytes(worthPacking());
  }

  private static long bytes(List<Path> files) throws IOException {
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.size(file);
    }
    return bytes;
  }

  /** What a kill has left beside an archive goes, however little it is. */
  private List<Path> worthPacking() throws IOException {
    List<Path> packable = packable();
    boolean isLittle = bytes(packable) < MIN_BYTES && !RegularFiles.exists(archive);
    return isLittle ? List.of() : packable;
  }

  /**
   * Makes the archive, unless there is one, and deletes the files that it holds. A kill in between
   * costs nothing: the next call goes on.
   *
   * @param closed asked before files are deleted; fails when they must stay
   * @return the number of bytes that this freed; 0 if it would take more, so that nothing changes
   */
  long compress(Check closed) throws IOException {
    List<Path> packable = worthPacking();
    if (packable.isEmpty()) {
      return 0;
    }
    long size = 0;
    deleteCutOff();
    if (!RegularFiles.exists(archive)) {
      files.writeStream(archive, out -> pack(packable, out));
      size = Files.size(archive);
      if (size >= bytes(packable)) {
        files.delete(archive); // Of a few small files it would be larger than they are.
        return 0;
      }
    }
    closed.pass();
    return deletePacked(packable) - size;
  }

  /** What kills left of an archive; who holds the lock on the batch writes it, and nobody else. */
  private void deleteCutOff() throws IOException {
    for (Path entry : files.list(run)) {
      if (FileNames.isTemporaryFor(archive, entry)) {
        files.delete(entry);
      }
    }
  }

  private void pack(List<Path> packable, OutputStream out) throws IOException {
    try (ZipOutputStream zip = new Zip(out)) {
      for (Path file : packable) {
        ZipEntry entry = new ZipEntry(name(file));
        entry.setLastModifiedTime(Files.getLastModifiedTime(file));
        zip.putNextEntry(entry);
        try (InputStream in = RegularFiles.stream(file)) {
          in.transferTo(zip);
        }
        zip.closeEntry();
      }
    }
  }

  /** Leaves the stream open, which is synced after it. */
  private static final class Zip extends ZipOutputStream {

    Zip(OutputStream out) {
      super(out);
    }

    @Override
    public void close() throws IOException {
      try {
        finish();
      } finally {
        def.end();
      }
    }
  }

  private long deletePacked(List<Path> packable) throws IOException {
    long bytes = 0;
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      for (Path file : packable) {
        ZipEntry entry = zip.getEntry(name(file));
        long size = Files.size(file);
        if (entry != null && entry.getSize() == size && entry.getCrc() == checksum(file)) {
          files.delete(file);
          bytes += size;
        }
      }
    }
    for (Path folder : packable.stream().map(Path::getParent).distinct().toList()) {
      deleteEmpty(folder);
    }
    return bytes;
  }

  private void deleteEmpty(Path folder) throws IOException {
    if (!folder.equals(run) && Files.isDirectory(folder) && files.list(folder).isEmpty()) {
      files.delete(folder);
      deleteEmpty(folder.getParent());
    }
  }

  private static long checksum(Path file) throws IOException {
    CRC32 checksum = new CRC32();
    try (InputStream in = new CheckedInputStream(RegularFiles.stream(file), checksum)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return checksum.getValue();
  }

  private String name(Path file) {
    return run.relativize(file).toString();
  }

  /** The regular files that are to be packed; no link is followed, and nothing hidden is packed. */
  private List<Path> packable() throws IOException {
    List<Path> packable = new ArrayList<>();
    Files.walkFileTree(
        run,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return isHidden(folder) && !folder.equals(run)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && !isHidden(file) && !stays(file)) {
              packable.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    packable.sort(null);
    return packable;
  }

  private static boolean isHidden(Path path) {
    return path.getFileName().toString().startsWith(".");
  }

  private boolean stays(Path file) {
    String name = file.getFileName().toString();
    Path folder = file.getParent();
    boolean isOfAttempt =
        folder.equals(run) || run.resolve(RunFolder.ATTEMPTS).equals(folder.getParent());
    return isOfAttempt && KEPT.contains(name) || folder.equals(run) && BatchFolder.owns(name);
  }
}
