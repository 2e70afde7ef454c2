package dev.caravan.pipeline.accept;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The files of images, sound and video that the rows of a dataset name. aiperf treats a content as
 * a file name unless it is a URL, a data URL or sound in its own encoding (its
 * dataset/loader/mixins.py).
 */
final class DatasetMedia {

  private static final List<String> KEYS =
      List.of("image", "images", "audio", "audios", "video", "videos");
  private static final Pattern MENTION = Pattern.compile("\"(?:image|audio|video)s?\"");
  private static final Pattern DATA =
      Pattern.compile("(?i)(?:data:|wav,|mp3,|[a-z][a-z0-9+.-]*://).*", Pattern.DOTALL);
  private static final int LONGEST_PATH = 4096;

  private DatasetMedia() {}

  /** The files that a dataset names, as it names them, each once. */
  static Set<Path> of(Path dataset) throws IOException {
    Set<Path> files = new LinkedHashSet<>();
    DatasetLines.read(
        dataset,
        line -> {
          if (!line.cut()) {
            DatasetRow.text(line.bytes())
                .filter(text -> MENTION.matcher(text).find())
                .ifPresent(text -> row(text, files));
          }
          return true;
        });
    return files;
  }

  private static void row(String text, Set<Path> files) {
    try {
      JsonNode row = Json.MAPPER.readTree(text);
      turn(row, files);
      row.path("turns").forEach(turn -> turn(turn, files));
    } catch (JsonProcessingException e) {
      // Reported by the check of the first and last lines, or by aiperf.
    }
  }

  private static void turn(JsonNode turn, Set<Path> files) {
    KEYS.forEach(key -> content(turn.path(key), files));
  }

  private static void content(JsonNode content, Set<Path> files) {
    if (content.isTextual()) {
      add(content.asText(), files);
    } else if (content.isArray()) {
      content.forEach(item -> content(item, files));
    } else if (content.isObject()) {
      content(content.path("contents"), files);
    }
  }

  private static void add(String content, Set<Path> files) {
    if (content.isEmpty() || content.length() > LONGEST_PATH || DATA.matcher(content).matches()) {
      return;
    }
    try {
      files.add(Path.of(content));
    } catch (InvalidPathException e) {
      // No file can have that name, which aiperf reports.
    }
  }
}
