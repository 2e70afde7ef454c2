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

/** Keeps messages on the runs queue that are not valid run orders, with their cause. */
public final class DeadLetterStore {

  private static final Logger LOG = LoggerFactory.getLogger(DeadLetterStore.class);

  private final Home home;
  private final DurableFiles files;

  public DeadLetterStore(Home home, DurableFiles files) {
    this.home = home;
    this.files = files;
  }

  /**
   * Keeps an invalid message byte for byte, its cause in a file beside it. Never throws; a message
   * without a body is kept as an empty file.
   */
  public void keep(String message, Exception cause) {
    String name = "message-" + UUID.randomUUID();
    try {
      files.createDirectories(home.dead());
      Path file = home.dead().resolve(name);
      write(home.dead().resolve(name + ".cause.txt"), cause + "\n");
      write(file, Objects.toString(message, ""));
      LOG.error("Kept an invalid run message as {}: {}", home.display(file), cause.toString());
    } catch (IOException e) {
      LOG.error("Cannot keep an invalid run message ({}): {}", e, message);
    }
  }

  private void write(Path file, String text) throws IOException {
    files.writeWhole(file, text.getBytes(StandardCharsets.UTF_8));
  }
}
