package dev.caravan.pipeline.accept;

import dev.caravan.model.BatchRecord;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Orders batches by when they were accepted, newest first. The names of their folders usually
 * decide. Their records are read only where these do not: within one second, in the hour that the
 * clocks repeat, in the one that they skip (which a machine in another zone has), and for renamed
 * folders. Use one instance per list: it keeps what it has read.
 */
final class NewestFirst {

  private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss");

  private final ZoneId zone;
  private final Map<Path, Instant> accepted = new HashMap<>();

  /** An order of folders whose names are local times of this zone. */
  NewestFirst(ZoneId zone) {
    this.zone = zone;
  }

  /** A folder with the moment and the text that its name tells. */
  private record Named(Path folder, Instant moment, String timestamp) {}

  /** The folders in this order. */
  List<Path> of(List<Path> folders) {
    return folders.stream()
        .map(folder -> new Named(folder, moment(folder), timestamp(folder)))
        .sorted(
            Comparator.comparing(Named::moment)
                .thenComparing(Named::timestamp)
                .thenComparing(named -> acceptedAt(named.folder()))
                .thenComparing(named -> sortKey(named.folder()))
                .reversed())
        .map(Named::folder)
        .toList();
  }

  /** A renamed folder is as old as its record says, the oldest if that cannot be read. */
  private Instant moment(Path folder) {
    try {
      LocalDateTime local = LocalDateTime.parse(timestamp(folder), TIMESTAMP);
      boolean isMoment = zone.getRules().getValidOffsets(local).size() == 1;
      Instant known = isMoment ? Instant.EPOCH : acceptedAt(folder);
      return known.equals(Instant.EPOCH) ? local.atZone(zone).toInstant() : known;
    } catch (DateTimeException e) {
      return acceptedAt(folder);
    }
  }

  private static String timestamp(Path folder) {
    String[] parts = folder.getFileName().toString().split("_", 3);
    return String.join("_", parts[0], parts.length > 1 ? parts[1] : "");
  }

  private Instant acceptedAt(Path folder) {
    return accepted.computeIfAbsent(folder, NewestFirst::recorded);
  }

  private static Instant recorded(Path folder) {
    try {
      String text = Json.read(folder.resolve(BatchFolder.RECORD), BatchRecord.class).acceptedAt();
      return text == null ? Instant.EPOCH : OffsetDateTime.parse(text).toInstant();
    } catch (IOException | DateTimeException e) {
      return Instant.EPOCH; // unreadable: its name decides
    }
  }

  /** The timestamp with its suffix padded, so that {@code _10} sorts after {@code _2}. */
  private static String sortKey(Path folder) {
    String[] parts = folder.getFileName().toString().split("_", 3);
    return timestamp(folder) + (parts.length > 2 ? String.format("_%9s", parts[2]) : "");
  }
}
