package dev.caravan.pipeline.outcome;

import dev.caravan.config.Parameters;
import dev.caravan.storage.Json;
import java.time.Duration;
import java.time.LocalDateTime;
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
 * @param labels the labels in the config
 * @param attempt from 1
 * @param aiperfVersion empty when unknown
 * @param caravanVersion version of Caravan
 * @param host name of the machine that executed the run
 * @param worker id of the worker that executed the run for a hub; if empty, it is not written
 * @param duration by the monotonic clock; empty while the run is in progress
 */
public record RunMetadata(
    int runIndex,
    LocalDateTime startedAt,
    String configFile,
    Map<String, Object> sweep,
    Parameters base,
    List<String> baseKeys,
    String command,
    String batchId,
    String runId,
    String folder,
    Parameters parameters,
    Map<String, String> labels,
    int attempt,
    String aiperfVersion,
    String caravanVersion,
    String host,
    String worker,
    Optional<Duration> duration) {

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

  /** The file content. */
  public byte[] json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("run_index", runIndex);
    json.put("timestamp", isoformat(startedAt));
    json.put("config_file", configFile);
    json.put("sweep_params", sweep.isEmpty() ? null : sweep);
    json.put("base_config", withNulls(base.values()));
    json.put("command", command);
    json.put("schema", SCHEMA);
    json.put("batch_id", batchId);
    json.put("run_id", runId);
    json.put("folder", folder);
    json.put("parameters", parameters.values());
    json.put("labels", labels);
    json.put("attempt", attempt);
    json.put("duration_seconds", duration.map(ResultJson::seconds).orElse(null));
    json.put("aiperf_version", aiperfVersion);
    json.put("caravan_version", caravanVersion);
    json.put("host", host);
    if (!worker.isEmpty()) {
      json.put("worker", worker);
    }
    return Json.file(json);
  }

  private Map<String, Object> withNulls(Map<String, Object> values) {
    Map<String, Object> all = new LinkedHashMap<>();
    baseKeys.forEach(key -> all.put(key, values.get(key)));
    all.putAll(values);
    return all;
  }

  private static String isoformat(LocalDateTime time) {
    LocalDateTime micros = time.truncatedTo(ChronoUnit.MICROS);
    return (micros.getNano() == 0 ? TO_SECONDS : TO_MICROS).format(micros);
  }
}
