package dev.caravan.pipeline.outcome;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.caravan.config.ConfigKeys;
import dev.caravan.config.Parameters;
import dev.caravan.config.settings.Version;
import dev.caravan.model.Run;
import dev.caravan.model.plan.Place;
import dev.caravan.pipeline.process.AiperfArguments;
import dev.caravan.storage.Json;
import dev.caravan.storage.LocalHost;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The content of {@code run_metadata.json}: what was run. The first six fields are those of {@code
 * run_aiperf.py}.
 *
 * @param runIndex from 0
 * @param startedAt local time of the host, as in Python's {@code datetime.now()}
 * @param configFile name of the submitted config file
 * @param sweep value by sweep key, as in the config; empty without sweeps
 * @param base the batch's {@code base_config}
 * @param baseKeys every key that {@code base_config} may have, in order; like {@code
 *     run_aiperf.py}, absent ones are written as null
 * @param command the equivalent {@code aiperf profile …} line, with an API key as {@code $NAME}
 * @param batchId {@code <batch_name>/<timestamp>}
 * @param runId the batch id, plus the folder name if there are sweeps
 * @param folder name of the run folder inside the batch folder; empty without sweeps
 * @param parameters what the attempt sends: base and sweep values merged, and its prompts varied if
 *     asked
 * @param labels the labels in the config, and those of the run's variant
 * @param place its place in the plan of the batch
 * @param attempt from 1
 * @param aiperfVersion empty when unknown
 * @param caravanVersion version of Caravan
 * @param host name of the machine that executed the run
 * @param worker id of the worker that executed the run for a hub; if empty, it is not written
 * @param duration by the monotonic clock; empty while the run is in progress
 */
@JsonPropertyOrder({
  "run_index",
  "timestamp",
  "config_file",
  "sweep_params",
  "base_config",
  "command",
  "schema",
  "batch_id",
  "run_id",
  "folder",
  "parameters",
  "labels",
  "variant",
  "point",
  "repeat",
  "attempt",
  "duration_seconds"
})
public record RunMetadata(
    int runIndex,
    @JsonIgnore LocalDateTime startedAt,
    String configFile,
    @JsonIgnore Map<String, Object> sweep,
    @JsonIgnore Parameters base,
    @JsonIgnore List<String> baseKeys,
    String command,
    String batchId,
    String runId,
    String folder,
    Parameters parameters,
    Map<String, String> labels,
    @JsonUnwrapped Place place,
    int attempt,
    String aiperfVersion,
    String caravanVersion,
    String host,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) String worker,
    @JsonProperty("duration_seconds") Optional<Duration> duration) {

  /** Version of Caravan's own fields. */
  public static final int SCHEMA = 1;

  private static final DateTimeFormatter TO_SECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss");

  /** Python omits the fraction when it is zero, and writes six digits otherwise. */
  private static final DateTimeFormatter TO_MICROS =
      new DateTimeFormatterBuilder()
          .append(TO_SECONDS)
          .appendFraction(ChronoField.MICRO_OF_SECOND, 6, 6, true)
          .toFormatter();

  /** An attempt of a run, executed on this machine by this worker of a hub, if there is one. */
  public static RunMetadata of(
      Run run,
      String worker,
      int attempt,
      String aiperfVersion,
      OffsetDateTime startedAt,
      Optional<Duration> duration) {
    return new RunMetadata(
        run.index(),
        startedAt.toLocalDateTime(),
        run.batch().record().sourceFile(),
        Parameters.shown(run.sweepValues()),
        run.base().shown(),
        List.copyOf(ConfigKeys.names()),
        AiperfArguments.shellLine(run.sent(attempt), run.folder()),
        run.batch().id(),
        run.id(),
        run.folderName(),
        run.sent(attempt).shown(),
        run.labels(),
        run.place(),
        attempt,
        aiperfVersion,
        Version.CARAVAN,
        LocalHost.name(),
        worker,
        duration);
  }

  /** The file content. */
  public byte[] json() {
    return Json.file(this);
  }

  @JsonProperty
  String timestamp() {
    LocalDateTime micros = startedAt.truncatedTo(ChronoUnit.MICROS);
    return (micros.getNano() == 0 ? TO_SECONDS : TO_MICROS).format(micros);
  }

  @JsonProperty
  Optional<Map<String, Object>> sweepParams() {
    return Optional.of(sweep).filter(values -> !values.isEmpty());
  }

  @JsonProperty
  Map<String, Object> baseConfig() {
    Map<String, Object> all = new LinkedHashMap<>();
    baseKeys.forEach(key -> all.put(key, base.values().get(key)));
    all.putAll(base.values());
    return all;
  }

  @JsonProperty
  int schema() {
    return SCHEMA;
  }
}
