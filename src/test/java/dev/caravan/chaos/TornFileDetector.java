package dev.caravan.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.testing.LiveTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Repeatedly reads all JSON files that Caravan writes and records those that are incomplete. */
final class TornFileDetector implements AutoCloseable {

  private static final Set<String> RESULT_FILES =
      Set.of(
          "batch.json",
          "summary.json",
          "process_result.json",
          "run_metadata.json",
          "environment.json",
          "control.json");

  private final ObjectMapper mapper = new ObjectMapper();
  private final Path home;
  private final ScheduledExecutorService reader = Executors.newSingleThreadScheduledExecutor();
  private final Set<String> torn = new ConcurrentSkipListSet<>();
  private final AtomicLong reads = new AtomicLong();

  /** Starts to read. */
  TornFileDetector(Path home) {
    this.home = home;
    reader.scheduleWithFixedDelay(this::readAll, 0, 20, TimeUnit.MILLISECONDS);
  }

  Set<String> torn() {
    return torn;
  }

  long reads() {
    return reads.get();
  }

  private void readAll() {
    for (Path folder : List.of(home.resolve("aiperf_results"), home.resolve(".caravan"))) {
      try {
        LiveTree.files(folder).stream().filter(this::isOurs).forEach(this::read);
      } catch (UncheckedIOException e) {
        torn.add(folder + ": " + e.getMessage());
      }
    }
  }

  private boolean isOurs(Path file) {
    String name = file.getFileName().toString();
    return RESULT_FILES.contains(name)
        || file.toString().contains("/.caravan/") && name.matches("[^.].*\\.json");
  }

  private void read(Path file) {
    try {
      reads.incrementAndGet();
      mapper.readTree(Files.readAllBytes(file)).size();
      if (Files.size(file) == 0) {
        torn.add(file + ": empty");
      }
    } catch (NoSuchFileException moved) {
      return;
    } catch (IOException e) {
      torn.add(file + ": " + e.getMessage());
    }
  }

  @Override
  public void close() {
    reader.shutdownNow();
  }
}
