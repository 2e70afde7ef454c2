package dev.caravan.pipeline.accept;

import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what nobody can turn into a result, with its cause. */
public final class DeadLetterStore {

  private static final Logger LOG = LoggerFactory.getLogger(DeadLetterStore.class);

  private final Home home;
  private final DurableFiles files;

  public DeadLetterStore(Home home, DurableFiles files) {
    this.home = home;
    this.files = files;
  }

  /**
   * Keeps a message that is no run, byte for byte, its cause in a file beside it. Never throws; a
   * message without a body is kept as an empty one.
   */
  public void keep(String message, Exception cause) {
    String name = "message-" + UUID.randomUUID();
    try {
      files.createDirectories(home.dead());
      Path file = home.dead().resolve(name);
      write(home.dead().resolve(name + ".cause.txt"), cause + "\n");
      write(file, Objects.toString(message, ""));
      LOG.error(
          "A message that is no run was kept as {}: {}", home.display(file), cause.toString());
    } catch (IOException e) {
      LOG.error("A message that is no run could not be kept ({}): {}", e, message);
    }
  }

  private void write(Path file, String text) throws IOException {
    files.writeWhole(file, text.getBytes(StandardCharsets.UTF_8));
  }
}
