package dev.caravan.observe.compare;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.caravan.config.CompareRule;
import dev.caravan.config.text.DisplayText;
import dev.caravan.config.text.NearestName;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * The baselines of a home: batches to compare with, under names. A baseline keeps the figures of
 * its runs, so that it outlives its batch being moved or deleted. Each is a file in {@code
 * .caravan/baselines/}.
 */
public final class Baselines {

  private static final String ENDING = ".json";

  private final Path folder;
  private final DurableFiles files;

  /** The baselines of this home. */
  public Baselines(Home home, DurableFiles files) {
    this.folder = home.state().resolve("baselines");
    this.files = files;
  }

  /**
   * A stored baseline.
   *
   * @param name its name
   * @param storedAt when it was stored
   * @param batch the batch, as it was then
   */
  @JsonPropertyOrder("schema")
  public record Baseline(String name, OffsetDateTime storedAt, ComparedBatch batch) {

    /** Version of the file's fields. */
    private static final int SCHEMA = 1;

    @JsonProperty
    int schema() {
      return SCHEMA;
    }
  }

  /**
   * Stores a batch under a name, in place of what had it before.
   *
   * @throws IOException when the name is none, the batch has no runs, or nothing can be written
   */
  public Baseline store(String name, ComparedBatch batch) throws IOException {
    Path file = file(name);
    if (batch.runs().isEmpty()) {
      throw new IOException(batch.id() + " has no run that has ended");
    }
    Baseline baseline = new Baseline(name, OffsetDateTime.now().withNano(0), batch);
    byte[] content = (json(baseline) + "\n").getBytes(StandardCharsets.UTF_8);
    if (content.length > RegularFiles.MAX_BYTES) {
      throw new IOException(batch.id() + " has too many runs for a baseline");
    }
    files.createDirectories(folder);
    files.writeWhole(file, content);
    return baseline;
  }

  private static String json(Baseline baseline) {
    try {
      return Json.MAPPER.writeValueAsString(baseline);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a baseline cannot be written as JSON", e);
    }
  }

  /**
   * The baseline of this name.
   *
   * @throws IOException when there is none, with the names that there are, or it is damaged
   */
  public Baseline find(String name) throws IOException {
    Optional<Baseline> baseline = stored(name);
    if (baseline.isPresent()) {
      return baseline.get();
    }
    List<String> names = names();
    throw new IOException(
        "there is no baseline \""
            + name
            + "\""
            + NearestName.hint(name, names)
            + (names.isEmpty()
                ? "; caravan baseline NAME BATCH stores one"
                : "; stored: " + String.join(", ", names)));
  }

  /**
   * The baseline of a name that was listed; empty if it has been deleted since.
   *
   * @throws IOException when it is damaged
   */
  public Optional<Baseline> stored(String name) throws IOException {
    Path file = file(name);
    Optional<Baseline> baseline = Json.readListed(file, Baseline.class);
    if (baseline.filter(read -> read.batch() == null || read.storedAt() == null).isPresent()) {
      throw new IOException(file + " is damaged: it holds no batch");
    }
    return baseline;
  }

  /** The names of all baselines, also of those that cannot be read. */
  public List<String> names() throws IOException {
    return files.list(folder).stream()
        .map(file -> file.getFileName().toString())
        .filter(name -> name.endsWith(ENDING) && !name.startsWith("."))
        .map(name -> name.substring(0, name.length() - ENDING.length()))
        .toList();
  }

  private Path file(String name) throws IOException {
    if (!CompareRule.Base.Baseline.isName(name)) {
      throw new IOException(
          DisplayText.quoted(name)
              + " is not a valid baseline name: use only letters, digits, and . _ -");
    }
    return folder.resolve(name + ENDING);
  }
}
