package dev.caravan.fleet.protocol;

import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.storage.Json;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The files of a run as one zip: the manifest first, then the files in the manifest's order.
 * Written and read as a stream, so memory use does not depend on its size.
 */
public final class ResultArchive {

  private static final String MANIFEST = "manifest.json";
  private static final int MAX_MANIFEST_BYTES = 4 << 20;

  private static final String TOO_MANY =
      "has %,d files, whose list would be longer than %d MiB: let aiperf and the hooks write fewer"
          + " files, and retry the run";

  private static final int MAX_SHOWN_LENGTH = 200;

  private ResultArchive() {}

  /**
   * Writes an archive of these files below {@code folder}. With {@code shared} it contains the
   * manifest only, and the files are passed through a {@link SharedFolder}. Of more files than a
   * manifest lists, it tells the number only.
   */
  public static void pack(
      String deliveryId,
      String worker,
      RunReport report,
      Path folder,
      List<Path> files,
      boolean shared,
      OutputStream to)
      throws IOException {
    List<ResultManifest.Item> items = new ArrayList<>();
    Map<String, Path> named = ArchiveNames.of(folder, files);
    for (Map.Entry<String, Path> file : named.entrySet()) {
      items.add(item(file.getKey(), file.getValue()));
    }
    ResultManifest manifest =
        new ResultManifest(ResultManifest.SCHEMA, deliveryId, worker, report, items, shared, 0);
    byte[] text = Json.file(manifest);
    if (text.length > MAX_MANIFEST_BYTES) {
      write(Json.file(manifest.withoutFiles()), Map.of(), to);
    } else {
      write(text, shared ? Map.of() : named, to);
    }
  }

  private static void write(byte[] manifest, Map<String, Path> files, OutputStream to)
      throws IOException {
    ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(to));
    zip.setLevel(Deflater.BEST_SPEED);
    zip.putNextEntry(new ZipEntry(MANIFEST));
    zip.write(manifest);
    for (Map.Entry<String, Path> file : files.entrySet()) {
      zip.putNextEntry(new ZipEntry(file.getKey()));
      Files.copy(file.getValue(), zip);
    }
    zip.finish();
    zip.flush();
  }

  /**
   * Checks a file against the size and SHA-256 in its manifest.
   *
   * @throws ArchiveRefusedException when they differ
   */
  static void verify(ResultManifest.Item item, Path file) throws IOException {
    if (!item(item.name(), file).equals(item)) {
      throw new ArchiveRefusedException("\"" + item.name() + "\" differs from its manifest");
    }
  }

  private static ResultManifest.Item item(String name, Path file) throws IOException {
    MessageDigest digest = DigestUtils.getSha256Digest();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      long size = in.transferTo(OutputStream.nullOutputStream());
      return new ResultManifest.Item(name, size, HexFormat.of().formatHex(digest.digest()));
    }
  }

  /** Reads only the manifest. */
  public static ResultManifest manifest(Path archive) throws IOException {
    try (ZipInputStream zip = open(archive)) {
      return manifest(zip);
    } catch (ZipException | EOFException | IllegalArgumentException e) { // a name that is not UTF-8
      throw new ArchiveRefusedException("not a complete zip file: " + e.getMessage());
    }
  }

  /**
   * Unpacks the files into {@code folder}, which must be empty. Writes nothing outside of it.
   *
   * @param maxBytes largest total size of the files
   * @throws ArchiveRefusedException when a name is not allowed, a file differs from the manifest,
   *     or the files are too large
   */
  public static void unpack(Path archive, Path folder, long maxBytes) throws IOException {
    try (ZipInputStream zip = open(archive)) {
      ResultManifest manifest = manifest(zip);
      check(manifest, maxBytes);
      for (ResultManifest.Item item : manifest.files()) {
        ZipEntry entry = zip.getNextEntry();
        if (entry == null || !entry.getName().equals(item.name())) {
          throw new ArchiveRefusedException(
              "has no \"" + item.name() + "\" where its manifest lists it");
        }
        unpack(zip, item, folder);
      }
      if (zip.getNextEntry() != null) {
        throw new ArchiveRefusedException("contains files that its manifest does not list");
      }
    } catch (ZipException | EOFException | IllegalArgumentException e) { // a name that is not UTF-8
      throw new ArchiveRefusedException("not a complete zip file: " + e.getMessage());
    }
  }

  /** Refuses names that are not allowed, and too many files or a larger total size of them. */
  public static void check(ResultManifest manifest, long maxBytes) throws ArchiveRefusedException {
    if (manifest.unlisted() > 0) {
      throw new ArchiveRefusedException(
          TOO_MANY.formatted(manifest.unlisted(), MAX_MANIFEST_BYTES >> 20));
    }
    List<ResultManifest.Item> items = manifest.files();
    Set<String> names = new HashSet<>();
    items.forEach(item -> names.add(item.name()));
    if (names.size() < items.size()) {
      throw new ArchiveRefusedException("lists a file twice");
    }
    long remaining = maxBytes;
    for (ResultManifest.Item item : items) {
      if (!ArchiveNames.isAllowed(item.name()) || ArchiveNames.isBelowAny(names, item.name())) {
        String shown = OneLine.line(String.valueOf(item.name()), MAX_SHOWN_LENGTH);
        throw new ArchiveRefusedException(
            "contains a file that must not be written: \"" + shown + "\"");
      }
      if (item.size() < 0 || item.size() > remaining) {
        throw new ArchiveRefusedException("is larger than caravan.results.max-size, " + maxBytes);
      }
      remaining -= item.size();
    }
  }

  private static void unpack(ZipInputStream zip, ResultManifest.Item item, Path folder)
      throws IOException {
    Path file = folder.resolve(item.name());
    Files.createDirectories(file.getParent());
    MessageDigest digest = DigestUtils.getSha256Digest();
    try (OutputStream out = Files.newOutputStream(file)) {
      byte[] buffer = new byte[1 << 16];
      long remaining = item.size();
      for (int n = zip.read(buffer); n >= 0; n = zip.read(buffer)) {
        remaining -= n;
        if (remaining < 0) {
          throw new ArchiveRefusedException(
              "\"" + item.name() + "\" is longer than its manifest says");
        }
        digest.update(buffer, 0, n);
        out.write(buffer, 0, n);
      }
      if (remaining > 0 || !HexFormat.of().formatHex(digest.digest()).equals(item.sha256())) {
        throw new ArchiveRefusedException("\"" + item.name() + "\" differs from its manifest");
      }
    }
  }

  private static ResultManifest manifest(ZipInputStream zip) throws IOException {
    ZipEntry first = zip.getNextEntry();
    if (first == null || !first.getName().equals(MANIFEST)) {
      throw new ArchiveRefusedException("has no manifest");
    }
    byte[] bytes = zip.readNBytes(MAX_MANIFEST_BYTES + 1);
    if (bytes.length > MAX_MANIFEST_BYTES) { // what a zip leaves unread is unpacked all the same
      throw new ArchiveRefusedException(
          "has a manifest of more than " + MAX_MANIFEST_BYTES + " bytes");
    }
    try {
      return Json.read(new String(bytes, StandardCharsets.UTF_8), ResultManifest.class);
    } catch (IllegalArgumentException e) {
      throw new ArchiveRefusedException("has an invalid manifest: " + e.getMessage());
    }
  }

  private static ZipInputStream open(Path archive) throws IOException {
    return new ZipInputStream(new BufferedInputStream(Files.newInputStream(archive)));
  }
}
