package dev.caravan.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.UUID;

/**
 * The unique id of a home, which batches name as their owner. A home keeps its id when it is moved;
 * a copy of a home gets a new one, so that no batch is executed by both.
 */
public final class HomeId {

  private static final String ID_FILE = "id";
  private static final String PATH_FILE = "place";

  private HomeId() {}

  /** The home's id; created at the first call. */
  public static String of(Home home, DurableFiles files) throws IOException {
    Path file = home.state().resolve(ID_FILE);
    Path pathFile = home.state().resolve(PATH_FILE);
    if (!Files.exists(file) || isCopy(file, pathFile)) {
      files.createDirectories(home.state());
      write(files, file, UUID.randomUUID().toString());
    }
    if (!Files.exists(pathFile) || !read(pathFile).equals(home.root().toString())) {
      write(files, pathFile, home.root().toString());
    }
    return read(file);
  }

  /** Whether the recorded path still holds another home with this id. */
  private static boolean isCopy(Path id, Path pathFile) throws IOException {
    if (!Files.exists(pathFile)) {
      return false;
    }
    try {
      Path other = new Home(Path.of(read(pathFile))).state().resolve(ID_FILE);
      return Files.isRegularFile(other)
          && !Files.isSameFile(other, id)
          && read(other).equals(read(id));
    } catch (IOException | InvalidPathException e) {
      return false; // a damaged note of the place tells nothing
    }
  }

  private static String read(Path file) throws IOException {
    return RegularFiles.text(file).strip();
  }

  private static void write(DurableFiles files, Path file, String line) throws IOException {
    files.writeWhole(file, (line + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
