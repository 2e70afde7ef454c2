package dev.caravan.observe.retention;

import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** What the files of a batch hold, to compare it before and after. */
final class FolderContent {

  private FolderContent() {}

  static List<String> names(Path folder) throws IOException {
    return new DurableFiles()
        .list(folder).stream().map(file -> file.getFileName().toString()).toList();
  }

  /** All files, without archives and what a cut left. */
  static Map<String, String> content(Path folder) throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = folder.relativize(file).toString();
        if (!name.endsWith(".tmp") && !name.endsWith(".zip") && !name.equals("lock")) {
          content.put(name, Files.readString(file));
        }
      }
    }
    return content;
  }

  /** All files, with those in archives. */
  static Map<String, String> unpacked(Path folder) throws IOException {
    Map<String, String> content = content(folder);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path archive : files.filter(file -> file.endsWith("files.zip")).toList()) {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
          for (ZipEntry entry : zip.stream().map(ZipEntry.class::cast).toList()) {
            content.put(
                folder.relativize(archive.resolveSibling(entry.getName())).toString(),
                new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
          }
        }
      }
    }
    return content;
  }
}
