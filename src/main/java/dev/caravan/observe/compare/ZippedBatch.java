package dev.caravan.observe.compare;

import dev.caravan.observe.report.ResultFolders;
import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.RegularFiles;
import dev.caravan.storage.RunFolder;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
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

  /** What the JDK says of archives that are well-formed but that it does not unpack. */
  private static final Pattern UNSUPPORTED = Pattern.compile("encrypted|method|EXT descriptor");

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
    try (UnpackFolder folder = UnpackFolder.in(temporary)) {
      try {
        unpack(archive, folder);
        return read(archive, folder.path());
      } catch (IOException e) {
        String why = Objects.toString(e.getMessage(), e.toString());
        throw new IOException(why.replace(folder.path().toString(), archive.toString()), e);
      }
    }
  }

  private ComparedBatch read(Path archive, Path folder) throws IOException {
    List<Path> batches = ResultFolders.batches(folder);
    if (batches.size() != 1) {
      throw new IOException(
          archive + " holds " + (batches.isEmpty() ? "no batch" : batches.size() + " batches"));
    }
    ComparedBatch batch = reader.read(batches.get(0));
    boolean isOwn = ResultFolders.isBatch(batches.get(0));
    return new ComparedBatch(
        isOwn ? batch.id() : archive.getFileName().toString(),
        archive.toString(),
        batch.startedAt(),
        batch.finished(),
        batch.planned(),
        batch.variants(),
        batch.runs());
  }

  private void unpack(Path archive, UnpackFolder folder) throws IOException {
    long remaining = maxBytes;
    int entries = 0;
    try (ZipInputStream zip =
        new ZipInputStream(new BufferedInputStream(RegularFiles.stream(archive)))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (++entries > MAX_ENTRIES) {
          throw new IOException(archive + " holds more than " + MAX_ENTRIES + " files");
        }
        check(archive, entry);
        remaining -= copy(archive, zip, entry, folder, remaining);
        if (remaining < 0) {
          throw new IOException(archive + " unpacks to more than " + maxBytes + " bytes");
        }
      }
      if (entries == 0) {
        throw new ZipException("it has no entries");
      }
    } catch (ZipException | EOFException | IllegalArgumentException e) { // a name that is not UTF-8
      throw new IOException(archive + " is not " + wanted(e) + ": " + e.getMessage(), e);
    }
  }

  /** What the archive would have to be, by what the JDK says of it. */
  private static String wanted(Exception e) {
    String why = Objects.toString(e.getMessage(), "");
    return UNSUPPORTED.matcher(why).find()
        ? "a zip archive that can be unpacked here (without a password, with the usual compression)"
        : "a complete zip archive";
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
      throw new IOException(archive + " holds a file that must not be unpacked: " + quoted(entry));
    }
  }

  private static String quoted(ZipEntry entry) {
    return '"' + OneLine.line(entry.getName(), 200) + '"';
  }

  /** Decided on text: a name that is not needed may be none that this system can have. */
  private static boolean isNeeded(ZipEntry entry) {
    String[] parts = entry.getName().split("/");
    return !entry.isDirectory()
        && NEEDED.contains(parts[parts.length - 1])
        && parts.length <= MAX_DEPTH
        && !entry.getName().contains("/" + RunFolder.ATTEMPTS + "/");
  }

  private static long copy(
      Path archive, ZipInputStream zip, ZipEntry entry, UnpackFolder folder, long most)
      throws IOException {
    if (!isNeeded(entry)) {
      return transfer(zip, OutputStream.nullOutputStream(), most);
    }
    long copied;
    try (OutputStream out = folder.create(entry.getName())) {
      copied = transfer(zip, out, Math.min(most, MAX_FILE_BYTES));
    } catch (FileAlreadyExistsException e) {
      throw new IOException(archive + " holds a name twice: " + quoted(entry), e);
    } catch (InvalidPathException e) {
      throw new IOException(
          archive + " holds a name that this locale cannot have: " + quoted(entry), e);
    } catch (FileSystemException e) {
      throw new IOException(
          archive + " cannot be unpacked: " + quoted(entry) + ": " + e.getReason(), e);
    }
    if (copied > MAX_FILE_BYTES) {
      throw new IOException(
          archive + " holds a file of more than " + MAX_FILE_BYTES + " bytes: " + quoted(entry));
    }
    return copied;
  }

  /** Copies at most one buffer more than allowed, which is the sign that it is too much. */
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
