package dev.caravan.pipeline.environment;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.caravan.storage.Json;
import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What Caravan saw of host, client and service while an attempt ran; {@code environment.json} in
 * its folder.
 *
 * @param attempt from 1
 * @param host what does not change during an attempt, such as {@code cpu_model}
 * @param client version by program
 * @param before the host just before aiperf was started
 * @param after the host just after aiperf ended
 * @param marks the lines in which aiperf reported phases, in their order
 * @param service what the service said that it is
 * @param promptsSha256 SHA-256 of the prompts without their session ids; empty when there are none
 */
@JsonPropertyOrder("schema")
public record Environment(
    int attempt,
    Map<String, Object> host,
    Map<String, String> client,
    Moment before,
    Moment after,
    List<PhaseMark> marks,
    ServiceSightings service,
    String promptsSha256) {

  /** Version of the file's fields. */
  private static final int SCHEMA = 1;

  private static final long MAX_BYTES = 1 << 20;

  public Environment {
    Stream.of(before, after, service, promptsSha256).forEach(Objects::requireNonNull);
    host = Collections.unmodifiableMap(new LinkedHashMap<>(host));
    client = Collections.unmodifiableMap(new LinkedHashMap<>(client));
    marks = List.copyOf(marks);
  }

  /**
   * The measured phase as Caravan saw it.
   *
   * @param started the line that tells of its start
   * @param complete the line that tells of its end
   */
  public record Measured(PhaseMark started, PhaseMark complete) {}

  /** The content of the file. */
  public byte[] json() {
    return Json.file(this);
  }

  /** Reads the file; empty if there is none, or if it is damaged. */
  public static Optional<Environment> read(Path file) {
    return read(file, Environment.class);
  }

  /**
   * {@link #promptsSha256} alone, of which every run reads those of the runs before; an empty text
   * when the run had none.
   */
  public static Optional<String> prompts(Path file) {
    return read(file, Prompts.class).map(Prompts::promptsSha256);
  }

  private record Prompts(String promptsSha256) {
    Prompts {
      promptsSha256 = Objects.requireNonNullElse(promptsSha256, "");
    }
  }

  private static <T> Optional<T> read(Path file, Class<T> type) {
    try {
      return RegularFiles.exists(file)
          ? Optional.ofNullable(Json.MAPPER.readValue(RegularFiles.read(file, MAX_BYTES), type))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // no longer known
    }
  }

  @JsonProperty
  int schema() {
    return SCHEMA;
  }

  /** From the start of the first measured phase to the end of the last; empty if one is missing. */
  public Optional<Measured> measured() {
    Optional<PhaseMark> started = marks.stream().filter(PhaseMark::beginsMeasuring).findFirst();
    Optional<PhaseMark> complete =
        marks.stream().filter(PhaseMark::endsMeasuring).reduce((first, second) -> second);
    return started.flatMap(from -> complete.map(to -> new Measured(from, to)));
  }
}
