package dev.caravan.observe.events;

import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The log of events in a home's outbox: files of lines, each named by the place of its first event.
 * Threadsafe.
 */
public final class Journal implements EventLog {

  private static final String ENDING = ".jsonl";
  private static final int LINES = 1000;

  /**
   * So many files stay though all they hold is delivered, for those who ask for what they missed.
   */
  private static final int KEPT_FILES = 10;

  /** What is known of a file without reading it again. */
  private static final class Segment {
    private final Path file;
    private final Set<String> batches = new HashSet<>();
    private long last;
    private int lines;

    private Segment(Path file) {
      this.file = file;
    }

    private void add(StoredEvent event) {
      last = event.sequence();
      lines++;
      if (!event.batch().isEmpty()) {
        batches.add(event.batch());
      }
    }
  }

  private final Path folder;
  private final DurableFiles files;
  private final TreeMap<Long, Segment> segments = new TreeMap<>();
  private final Map<String, Long> keysBefore = new LinkedHashMap<>();
  private boolean fresh = true;

  private Journal(Path folder, DurableFiles files) {
    this.folder = folder;
    this.files = files;
  }

  /** The journal in this folder, which is made when it is missing. */
  public static Journal in(Path folder, DurableFiles files) throws IOException {
    Journal journal = new Journal(folder, files);
    files.createDirectories(folder);
    for (Path file : files.list(folder)) {
      if (file.getFileName().toString().matches("\\d{16}\\" + ENDING)) {
        journal.load(file);
      }
    }
    return journal;
  }

  private void load(Path file) throws IOException {
    Segment segment = new Segment(file);
    read(file)
        .forEach(
            event -> {
              segment.add(event);
              keysBefore.put(event.key(), event.sequence());
            });
    segments.put(first(file), segment);
  }

  /**
   * Source and id of each event that earlier lives kept, in order, with its place; they are
   * forgotten by this call.
   */
  synchronized Map<String, Long> takeKeysBefore() {
    Map<String, Long> keys = new LinkedHashMap<>(keysBefore);
    keysBefore.clear();
    return keys;
  }

  @Override
  public boolean isDurable() {
    return true;
  }

  @Override
  public synchronized long last() {
    return segments.values().stream().mapToLong(segment -> segment.last).max().orElse(0);
  }

  @Override
  public synchronized void append(List<StoredEvent> events) throws IOException {
    long first = events.get(0).sequence();
    if (fresh || segments.isEmpty() || segments.lastEntry().getValue().lines >= LINES) {
      segments.computeIfAbsent(first, f -> new Segment(file(f)));
    }
    Segment segment = segments.lastEntry().getValue();
    String lines = events.stream().map(e -> e.json() + "\n").collect(Collectors.joining());
    // A line that was cut off in an earlier life, or by a full disk, is ended first.
    String text = fresh && Files.exists(segment.file) ? "\n" + lines : lines;
    fresh = true;
    files.append(segment.file, text.getBytes(StandardCharsets.UTF_8));
    fresh = false;
    events.forEach(segment::add);
  }

  @Override
  public synchronized List<StoredEvent> after(long sequence, int most) throws IOException {
    List<StoredEvent> found = new ArrayList<>();
    for (Segment segment : segments.values()) {
      if (segment.last > sequence && found.size() < most) {
        read(segment.file).stream()
            .filter(event -> event.sequence() > sequence)
            .forEach(found::add);
      }
    }
    return found.subList(0, Math.min(most, found.size()));
  }

  /**
   * Removes the oldest files of which nothing is needed: all is delivered, and their batches are
   * finished, so that no start will ask whether these events were told.
   */
  synchronized void prune(long delivered, Set<String> openBatches) throws IOException {
    while (segments.size() > KEPT_FILES) {
      Map.Entry<Long, Segment> oldest = segments.firstEntry();
      Segment segment = oldest.getValue();
      if (segment.last > delivered || segment.batches.stream().anyMatch(openBatches::contains)) {
        return;
      }
      files.delete(segment.file);
      segments.remove(oldest.getKey());
    }
  }

  private Path file(long first) {
    return folder.resolve(String.format("%016d", first) + ENDING);
  }

  private static long first(Path file) {
    return Long.parseLong(file.getFileName().toString().replace(ENDING, ""));
  }

  /**
   * The events of a file; what is no whole line is passed over, and so is what was written again
   * since the disk had said that it had failed.
   */
  private static List<StoredEvent> read(Path file) throws IOException {
    List<StoredEvent> events = new ArrayList<>();
    long last = 0;
    for (String line : new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\n")) {
      Optional<StoredEvent> event = CloudEventJson.read(line);
      if (event.isPresent() && event.get().sequence() > last) {
        last = event.get().sequence();
        events.add(event.get());
      }
    }
    return events;
  }
}
