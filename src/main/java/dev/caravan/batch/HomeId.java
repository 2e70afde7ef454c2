package dev.caravan.batch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** The id that a home keeps for ever; batches name it as their owner. */
public final class HomeId {

  private HomeId() {}

  /** The home's id, made at the first call. */
  public static String of(Home home, Tree tree) throws IOException {
    Path file = home.state().resolve("id");
    if (!Files.exists(file)) {
      tree.createDirectories(home.state());
      tree.writeWhole(file, (UUID.randomUUID() + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return Files.readString(file).strip();
  }
}
