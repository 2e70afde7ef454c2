package dev.caravan.pipeline.accept;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A control request to the daemon of a home: a file in {@code .caravan/control/}. A running daemon
 * carries it out at once, otherwise the next one does.
 *
 * @param schema version of this format
 * @param action what to do
 * @param batch folder or id of the batch; null when the request is not about a batch
 * @param runs indexes of the runs; null for the whole batch
 * @param target url of the target; null when the request is not about a target
 * @param force whether to rerun completed runs too
 * @param by the user who made the request
 * @param why the user's reason; may be empty
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ControlRequest(
    int schema,
    Action action,
    String batch,
    List<Integer> runs,
    String target,
    boolean force,
    String by,
    String why) {

  private static final int SCHEMA = 1;
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss_SSS");

  /** What can be requested. */
  public enum Action {
    @JsonProperty("cancel")
    CANCEL,
    @JsonProperty("pause")
    PAUSE,
    @JsonProperty("resume")
    RESUME,
    @JsonProperty("retry")
    RETRY
  }

  /** A request for everything; the other methods narrow it. */
  public static ControlRequest of(Action action, String by, String why) {
    return new ControlRequest(SCHEMA, action, null, null, null, false, by, why);
  }

  /** The same request for a batch. */
  public ControlRequest forBatch(Path folder) {
    return new ControlRequest(schema, action, folder.toString(), runs, target, force, by, why);
  }

  /** The same request for these runs of its batch. */
  public ControlRequest forRuns(List<Integer> indexes, boolean forced) {
    return new ControlRequest(schema, action, batch, List.copyOf(indexes), target, forced, by, why);
  }

  /** The same request for a target. */
  public ControlRequest forTarget(String url) {
    return new ControlRequest(schema, action, batch, runs, url, force, by, why);
  }

  /** Writes the request into the home and returns its file. File names sort by time. */
  public Path write(Home home, DurableFiles files) throws IOException {
    String hex = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    String name = LocalDateTime.now().format(TIME) + "-" + hex + ".json";
    files.createDirectories(home.control());
    Path file = home.control().resolve(name);
    files.writeWhole(file, Json.file(this));
    return file;
  }

  /** What is wrong with the request itself; empty when it is well-formed. */
  public Optional<String> problem() {
    if (schema != SCHEMA) {
      return Optional.of("schema " + schema + " is not supported, only " + SCHEMA);
    }
    if (action == null) {
      return Optional.of("action is missing: cancel, pause, resume or retry");
    }
    if (by == null || by.isBlank()) {
      return Optional.of("by is missing: the user who makes the request");
    }
    boolean needsBatch = action == Action.CANCEL || action == Action.RETRY;
    if (needsBatch && batch == null) {
      return Optional.of("batch is missing");
    }
    return batch != null && target != null
        ? Optional.of("names both a batch and a target; name only one")
        : Optional.empty();
  }
}
