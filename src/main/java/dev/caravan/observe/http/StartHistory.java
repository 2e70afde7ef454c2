package dev.caravan.observe.http;

import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When the daemon of a home was started, in {@code .caravan/starts.txt}; only pages need it. */
final class StartHistory {

  private static final Logger LOG = LoggerFactory.getLogger(StartHistory.class);
  private static final int KEPT = 200;

  private StartHistory() {}

  /** The last starts, this one included. */
  static List<OffsetDateTime> note(Home home) {
    Path file = home.state().resolve("starts.txt");
    List<OffsetDateTime> starts = new ArrayList<>(read(file));
    starts.add(OffsetDateTime.now().truncatedTo(ChronoUnit.SECONDS));
    List<OffsetDateTime> kept = starts.subList(Math.max(0, starts.size() - KEPT), starts.size());
    StringBuilder text = new StringBuilder();
    kept.forEach(start -> text.append(start).append('\n'));
    try {
      new DurableFiles().writeWhole(file, text.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      LOG.debug("The start is not noted: {}", e.toString());
    }
    return List.copyOf(kept);
  }

  private static List<OffsetDateTime> read(Path file) {
    try {
      return Files.exists(file)
          ? Files.readAllLines(file).stream().map(OffsetDateTime::parse).toList()
          : List.of();
    } catch (IOException | DateTimeException e) {
      return List.of(); // damaged: begun anew
    }
  }
}
