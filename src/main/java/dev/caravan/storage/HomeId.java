package dev.caravan.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * The id that a home keeps for ever, wherever it is moved; batches name it as their owner. A copy
 * of a home gets one of its own, so that no batch is done in both.
 */
public final class HomeId {

  private static final String ID = "id";
  private static final String PLACE = "place";

  private HomeId() {}

  /** The home's id, made at the first call. */
  public static String of(Home home, DurableFiles files) throws IOException {
    Path file = home.state().resolve(ID);
    Path place = home.state().resolve(PLACE);
    if (!Files.exists(file) || isCopy(file, place)) {
      files.createDirectories(home.state());
      write(files, file, UUID.randomUUID().toString());
    }
    if (!Files.exists(place) || !read(place).equals(home.root().toString())) {
      write(files, place, home.root().toString());
    }
    return read(file);
  }

  /** Whether the home that this one was is still where it was. */
  private static boolean isCopy(Path id, Path place) throws IOException {
    if (!Files.exists(place)) {
      return false;
    }
    Path other = new Home(Path.of(read(place))).state().resolve(ID);
    return Files.isRegularFile(other)
        && !Files.isSameFile(other, id)
        && read(other).equals(read(id));
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file).strip();
  }

  private static void write(DurableFiles files, Path file, String line) throws IOException {
    files.writeWhole(file, (line + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
