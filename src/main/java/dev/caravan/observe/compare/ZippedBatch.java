package dev.caravan.observe.compare;

import dev.caravan.observe.report.ResultFolders;
import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.RegularFiles;
import dev.caravan.storage.RunFolder;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/**
 * Reads a batch from a zip archive, such as an artifact of a CI system. Only the files that a
 * comparison needs are unpacked, into a temporary folder that is deleted when they are read. The
 * archive is untrusted: its names, their number, and all sizes are bounded.
 */
final class ZippedBatch {

  private static final long MAX_BYTES = 4L << 30;
  private static final long MAX_FILE_BYTES = RegularFiles.MAX_BYTES;
  private static final int MAX_ENTRIES = 2_000_000;
  private static final int MAX_NAME = 1_024;
  private static final int MAX_DEPTH = 8;
  private static final Pattern PART = Pattern.compile("[^/\\\\\\p{Cntrl}]{1,255}");

  private static final Set<String> NEEDED =
      Set.of(
          BatchFolder.CONFIG,
          BatchFolder.RECORD,
          BatchFolder.SUMMARY,
          BatchFolder.RESULTS,
          RunFolder.RUN_METADATA,
          RunFolder.PROCESS_RESULT,
          RunFolder.ENVIRONMENT,
          "profile_export_aiperf.json");

  private final ComparedBatchReader reader;
  private final Path temporary;
  private final long maxBytes;

  ZippedBatch(ComparedBatchReader reader) {
    this(reader, Path.of(System.getProperty("java.io.tmpdir")), MAX_BYTES);
  }

  /**
   * A reader of archives.
   *
   * @param temporary where they are unpacked
   * @param maxBytes most bytes that an archive may unpack to
   */
  ZippedBatch(ComparedBatchReader reader, Path temporary, long maxBytes) {
    this.reader = reader;
    this.temporary = temporary;
    this.maxBytes = maxBytes;
  }

  /** Whether this is a file that may be an archive. */
  static boolean isArchive(Path file) {
    return RegularFiles.exists(file) && file.getFileName().toString().endsWith(".zip");
  }

  /**
   * The only batch in an archive.
   *
   * @throws IOException with words for the user when it holds none, or several, or is not allowed
   */
  ComparedBatch read(Path archive) throws IOException {
    Path folder = Files.createTempDirectory(temporary, "caravan-compare-");
    try {
      unpack(archive, folder);
      List<Path> batches = ResultFolders.batches(folder);
      if (batches.size() != 1) {
        throw new IOException(
            archive + " holds " + (batches.isEmpty() ? "no batch" : batches.size() + " batches"));
      }
      ComparedBatch batch = reader.read(batches.get(0));
      boolean isOwn = ResultFolders.isBatch(batches.get(0));
      String id = isOwn ? batch.id() : archive.getFileName().toString();
      return new ComparedBatch(
          id,
          archive.toString(),
          batch.startedAt(),
          batch.finished(),
          batch.planned(),
          batch.variants(),
          batch.runs());
    } finally {
      new DurableFiles().delete(folder);
    }
  }

  private void unpack(Path archive, Path folder) throws IOException {
    long remaining = maxBytes;
    int entries = 0;
    try (ZipInputStream zip =
        new ZipInputStream(new BufferedInputStream(RegularFiles.stream(archive)))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (++entries > MAX_ENTRIES) {
          throw new IOException(archive + " holds more than " + MAX_ENTRIES + " files");
        }
        check(archive, entry);
        remaining -= copy(zip, target(folder, entry), remaining);
        if (remaining < 0) {
          throw new IOException(archive + " unpacks to more than " + maxBytes + " bytes");
        }
      }
      if (entries == 0) {
        throw new ZipException("it has no entries");
      }
    } catch (ZipException | EOFException | IllegalArgumentException e) { // a name that is not UTF-8
      throw new IOException(archive + " is not a complete zip archive: " + e.getMessage(), e);
    }
  }

  /** Refuses names that lead out of the folder, also those of files that are not needed. */
  private static void check(Path archive, ZipEntry entry) throws IOException {
    String name = entry.getName().replaceFirst("/$", "");
    String[] parts = name.split("/", -1);
    boolean isAllowed = name.length() <= MAX_NAME;
    for (String part : parts) {
      isAllowed &= PART.matcher(part).matches() && !part.equals(".") && !part.equals("..");
    }
    if (!isAllowed) {
      throw new IOException(
          archive + " holds a file that must not be unpacked: \"" + OneLine.line(name, 200) + "\"");
    }
  }

  /** Where an entry is unpacked; the folder itself if it is not needed. */
  private static Path target(Path folder, ZipEntry entry) {
    Path file = folder.resolve(entry.getName()).normalize();
    boolean isNeeded =
        !entry.isDirectory()
            && NEEDED.contains(file.getFileName().toString())
            && folder.relativize(file).getNameCount() <= MAX_DEPTH
            && !folder.relativize(file).toString().contains("/" + RunFolder.ATTEMPTS + "/");
    return isNeeded ? file : folder;
  }

  private static long copy(ZipInputStream zip, Path file, long most) throws IOException {
    boolean isSkipped = Files.isDirectory(file);
    if (isSkipped) {
      return transfer(zip, OutputStream.nullOutputStream(), most);
    }
    Files.createDirectories(file.getParent());
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
      return transfer(zip, out, Math.min(most, MAX_FILE_BYTES));
    } catch (FileAlreadyExistsException e) {
      throw new IOException("an archive holds " + file.getFileName() + " twice in a folder", e);
    }
  }

  /** Copies at most one byte more than allowed, which is the sign that it is too much. */
  private static long transfer(InputStream in, OutputStream out, long most) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long copied = 0;
    for (int n = in.read(buffer); n >= 0 && copied <= most; n = in.read(buffer)) {
      out.write(buffer, 0, n);
      copied += n;
    }
    return copied;
  }
}
