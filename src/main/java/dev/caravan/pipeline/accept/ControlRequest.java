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
 * An order to the daemon of a home, as a file in {@code .caravan/control/}. It is the same whether
 * the daemon runs or not: it is carried out as soon as one does.
 *
 * @param schema version of this shape
 * @param action what to do
 * @param batch folder or id of the batch; null where the order is about none
 * @param runs indexes of the runs that are meant; null for the batch as a whole
 * @param target url of the target; null where the order is about none
 * @param force whether completed runs are done again too
 * @param by who orders it
 * @param why in words; may be empty
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

  /** What may be ordered. */
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

  /** An order that names nothing yet: pause and resume of all there is. */
  public static ControlRequest of(Action action, String by, String why) {
    return new ControlRequest(SCHEMA, action, null, null, null, false, by, why);
  }

  /** The same order for a batch. */
  public ControlRequest forBatch(Path folder) {
    return new ControlRequest(schema, action, folder.toString(), runs, target, force, by, why);
  }

  /** The same order for these runs of its batch. */
  public ControlRequest forRuns(List<Integer> indexes, boolean forced) {
    return new ControlRequest(schema, action, batch, List.copyOf(indexes), target, forced, by, why);
  }

  /** The same order for a target. */
  public ControlRequest forTarget(String url) {
    return new ControlRequest(schema, action, batch, runs, url, force, by, why);
  }

  /** Writes it whole into the home; the file it lies in. Names sort by time. */
  public Path write(Home home, DurableFiles files) throws IOException {
    String hex = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    String name = LocalDateTime.now().format(TIME) + "-" + hex + ".json";
    files.createDirectories(home.control());
    Path file = home.control().resolve(name);
    files.writeWhole(file, Json.file(this));
    return file;
  }

  /** Why it cannot be carried out whatever there is; empty when it can. */
  public Optional<String> broken() {
    if (schema != SCHEMA) {
      return Optional.of("it has schema " + schema + "; this version knows " + SCHEMA);
    }
    if (action == null) {
      return Optional.of("it has no action: cancel, pause, resume or retry");
    }
    if (by == null || by.isBlank()) {
      return Optional.of("it does not say by whom it is");
    }
    boolean needsBatch = action == Action.CANCEL || action == Action.RETRY;
    if (needsBatch && batch == null) {
      return Optional.of("it names no batch");
    }
    return batch != null && target != null
        ? Optional.of("it names a batch and a target; name one of them")
        : Optional.empty();
  }
}
