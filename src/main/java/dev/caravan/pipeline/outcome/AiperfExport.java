package dev.caravan.pipeline.outcome;

import dev.caravan.storage.RunFolder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Aiperf's summary of a run, {@code profile_export_aiperf.json}, read leniently: metrics by tag,
 * units kept, whatever is unknown passed over. What is absent is empty, never 0; only failed
 * requests are none when nothing speaks of them (aiperf leaves their count out then).
 */
public final class AiperfExport {

  /** Milliseconds in each unit of time that aiperf writes. */
  private static final Map<String, Double> MILLISECONDS =
      Map.of("ms", 1.0, "s", 1e3, "sec", 1e3, "us", 1e-3, "µs", 1e-3, "ns", 1e-6);

  /**
   * One metric.
   *
   * @param unit as written, such as {@code ms} or {@code tokens/sec}
   * @param stats statistic, such as {@code avg} or {@code p99}, to its finite value
   */
  record Metric(String unit, Map<String, Double> stats) {}

  /**
   * What reading gave.
   *
   * @param export the summary when it is there and whole
   * @param why else what is wrong: {@code absent}, {@code torn}, {@code not JSON}, {@code too
   *     large}, {@code not readable}; empty when there is a summary
   */
  public record Reading(Optional<AiperfExport> export, String why) {}

  private final Map<String, Metric> metrics;
  private final RequestErrors errors;
  private final String aiperfVersion;
  private final boolean cancelled;
  private final boolean complete;
  private final OptionalDouble gpuWatts;

  AiperfExport(
      Map<String, Metric> metrics,
      RequestErrors errors,
      String aiperfVersion,
      boolean cancelled,
      boolean complete,
      OptionalDouble gpuWatts) {
    this.metrics = new HashMap<>(metrics);
    this.errors = errors;
    this.aiperfVersion = aiperfVersion;
    this.cancelled = cancelled;
    this.complete = complete;
    this.gpuWatts = gpuWatts;
  }

  /** Reads the summary in this run folder; never throws for what it holds. */
  public static Reading read(Path runFolder) {
    return ExportReader.read(new RunFolder(runFolder).export());
  }

  /** A statistic of a metric, such as {@code stat("time_to_first_token", "p99")}, in its unit. */
  public OptionalDouble stat(String tag, String stat) {
    Double value = metrics.containsKey(tag) ? metrics.get(tag).stats().get(stat) : null;
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /** The unit of a metric, as written. */
  public Optional<String> unit(String tag) {
    return Optional.ofNullable(metrics.get(tag)).map(Metric::unit);
  }

  /** A statistic of a metric of time, in milliseconds; empty when its unit is no unit of time. */
  public OptionalDouble milliseconds(String tag, String stat) {
    OptionalDouble value = stat(tag, stat);
    Double factor = unit(tag).map(MILLISECONDS::get).orElse(null);
    return value.isEmpty() || factor == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(value.getAsDouble() * factor);
  }

  /** Requests that were answered well; {@code request_count} counts no others. */
  public long succeededRequests() {
    return (long) stat("request_count", "avg").orElse(0);
  }

  /** Requests that failed: the larger of the metric and the sum over the error summary. */
  public long failedRequests() {
    return Math.max((long) stat("error_request_count", "avg").orElse(0), errors.total());
  }

  /** What the failed requests said. */
  public RequestErrors errors() {
    return errors;
  }

  /** The version that wrote it; empty when it does not say. */
  public String aiperfVersion() {
    return aiperfVersion;
  }

  /** The average power of all GPUs that it tells of, summed. */
  public OptionalDouble gpuWatts() {
    return gpuWatts;
  }

  /** Whether the run was cancelled before its end. */
  public boolean wasCancelled() {
    return cancelled;
  }

  /** Whether the run went to its end; versions that do not say count as complete. */
  public boolean isComplete() {
    return complete;
  }
}
