package dev.caravan.observe.events;

import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.RegularFiles;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event log in a home's outbox: JSON Lines files (segments), each named by the sequence of its
 * first event. Thread-safe.
 */
final class Journal implements EventLog {

  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
  private static final String SUFFIX = ".jsonl";
  private static final int LINES_PER_FILE = 1000;

  /** Far less than what can be read of a file. */
  private static final int CHARACTERS_PER_FILE = 8 << 20;

  /**
   * Number of files kept after their events are delivered, for clients that resume from an earlier
   * event.
   */
  private static final int KEPT_FILES = 10;

  /** What later calls need to know about a file, without reading it again. */
  private static final class Segment {
    private final Path file;
    private final Set<String> batches = new HashSet<>();
    private long last;
    private int lines;
    private long characters;

    private Segment(Path file) {
      this.file = file;
    }

    private boolean isFull() {
      return lines >= LINES_PER_FILE || characters >= CHARACTERS_PER_FILE;
    }

    private void add(StoredEvent event) {
      last = event.sequence();
      lines++;
      characters += event.json().length();
      if (!event.batch().isEmpty()) {
        batches.add(event.batch());
      }
    }
  }

  private final Path folder;
  private final DurableFiles files;
  private final TreeMap<Long, Segment> segments = new TreeMap<>();
  private final Map<String, Long> keysAtOpen = new LinkedHashMap<>();
  private boolean startsFile = true;
  private long lastLost;

  private Journal(Path folder, DurableFiles files) {
    this.folder = folder;
    this.files = files;
  }

  /** The journal in this folder, which is created when missing. */
  static Journal in(Path folder, DurableFiles files) throws IOException {
    Journal journal = new Journal(folder, files);
    files.createDirectories(folder);
    for (Path file : files.list(folder)) {
      if (file.getFileName().toString().matches("\\d{16}\\" + SUFFIX)) {
        journal.load(file);
      }
    }
    return journal;
  }

  /** What cannot be read is left out; no event gets one of its sequences again. */
  private void load(Path file) {
    Segment segment = new Segment(file);
    try {
      for (StoredEvent event : read(file)) {
        segment.add(event);
        keysAtOpen.put(event.key(), event.sequence());
      }
      segments.put(first(file), segment);
    } catch (IOException e) {
      LOG.warn("Left out events that cannot be read: {}", e.toString());
      lastLost = Math.max(lastLost, first(file) + LINES_PER_FILE - 1);
    }
  }

  /**
   * Sequence by key of each event that was stored when the journal was opened, in order. A second
   * call returns nothing, which frees the memory.
   */
  synchronized Map<String, Long> takeKeys() {
    Map<String, Long> keys = new LinkedHashMap<>(keysAtOpen);
    keysAtOpen.clear();
    return keys;
  }

  @Override
  public boolean isDurable() {
    return true;
  }

  @Override
  public synchronized long last() {
    long lastRead = segments.values().stream().mapToLong(segment -> segment.last).max().orElse(0);
    return Math.max(lastRead, lastLost);
  }

  /** Many at once, as those that a start rebuilds, fill more than one file. */
  @Override
  public synchronized void append(List<StoredEvent> events) throws IOException {
    // Those before were stored by a call that failed later on.
    List<StoredEvent> rest = events.stream().filter(event -> event.sequence() > last()).toList();
    while (!rest.isEmpty()) {
      Segment segment = segmentFor(rest.get(0).sequence());
      int count = count(rest, segment);
      append(segment, rest.subList(0, count));
      rest = rest.subList(count, rest.size());
    }
  }

  private Segment segmentFor(long first) {
    if (startsFile || segments.isEmpty() || segments.lastEntry().getValue().isFull()) {
      segments.computeIfAbsent(first, sequence -> new Segment(file(sequence)));
    }
    return segments.lastEntry().getValue();
  }

  /** How many of these events this file takes; at least one. */
  private static int count(List<StoredEvent> events, Segment segment) {
    int most = Math.min(events.size(), Math.max(1, LINES_PER_FILE - segment.lines));
    long characters = segment.characters;
    for (int count = 1; count < most; count++) {
      characters += events.get(count - 1).json().length();
      if (characters >= CHARACTERS_PER_FILE) {
        return count;
      }
    }
    return most;
  }

  private void append(Segment segment, List<StoredEvent> events) throws IOException {
    String lines = events.stream().map(e -> e.json() + "\n").collect(Collectors.joining());
    // Terminates a line that a kill or a full disk cut short.
    String text = startsFile && Files.exists(segment.file) ? "\n" + lines : lines;
    startsFile = true;
    ensureFolder();
    files.append(segment.file, text.getBytes(StandardCharsets.UTF_8));
    startsFile = false;
    events.forEach(segment::add);
  }

  /** It may have been deleted to get rid of what is in it. */
  void ensureFolder() throws IOException {
    files.createDirectories(folder);
  }

  @Override
  public synchronized List<StoredEvent> after(long sequence, int max) throws IOException {
    List<StoredEvent> found = new ArrayList<>();
    for (Segment segment : segments.values()) {
      boolean isWanted = segment.last > sequence && found.size() < max;
      if (isWanted && !RegularFiles.isAbsent(segment.file)) {
        read(segment.file).stream()
            .filter(event -> event.sequence() > sequence)
            .forEach(found::add);
      }
    }
    return found.subList(0, Math.min(max, found.size()));
  }

  /**
   * Removes the oldest files that are not needed: their events are delivered and their batches
   * finished, so that no later start compares them with the results tree.
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
    return folder.resolve(String.format("%016d", first) + SUFFIX);
  }

  private static long first(Path file) {
    return Long.parseLong(file.getFileName().toString().replace(SUFFIX, ""));
  }

  /**
   * The events of a file, without broken lines and without repeats, which appear when a write that
   * had reported a failure was repeated.
   */
  private static List<StoredEvent> read(Path file) throws IOException {
    List<StoredEvent> events = new ArrayList<>();
    long last = 0;
    for (String line : RegularFiles.text(file).split("\n")) {
      Optional<StoredEvent> event = CloudEventJson.read(line);
      if (event.isPresent() && event.get().sequence() > last) {
        last = event.get().sequence();
        events.add(event.get());
      }
    }
    return events;
  }
}
