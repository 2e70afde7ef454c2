package dev.caravan.observe.http;

import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.RegularFiles;
import dev.caravan.storage.StateFile;
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

/**
 * The start times of a home's daemon, kept in {@code .caravan/starts.txt}. Only the timeline uses
 * them, so a failure to read or write the file is ignored.
 */
final class StartHistory {

  private static final Logger LOG = LoggerFactory.getLogger(StartHistory.class);
  private static final int MAX_STARTS = 200;

  private StartHistory() {}

  /** Records a start now; returns the latest starts including this one. */
  static List<OffsetDateTime> recordStart(Home home) {
    Path file = StateFile.STARTS.in(home);
    List<OffsetDateTime> starts = new ArrayList<>(read(file));
    starts.add(OffsetDateTime.now().truncatedTo(ChronoUnit.SECONDS));
    List<OffsetDateTime> latest =
        starts.subList(Math.max(0, starts.size() - MAX_STARTS), starts.size());
    StringBuilder text = new StringBuilder();
    latest.forEach(start -> text.append(start).append('\n'));
    try {
      new DurableFiles().writeWhole(file, text.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      LOG.debug("Could not record the start: {}", e.toString());
    }
    return List.copyOf(latest);
  }

  private static List<OffsetDateTime> read(Path file) {
    try {
      return Files.exists(file)
          ? RegularFiles.text(file).lines().map(OffsetDateTime::parse).toList()
          : List.of();
    } catch (IOException | DateTimeException e) {
      return List.of(); // damaged file: start over
    }
  }
}
