package dev.caravan.pipeline.outcome;

import dev.caravan.storage.RunFolder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * AIPerf's summary of a run, {@code profile_export_aiperf.json}, read leniently: metrics by tag,
 * with their units; unknown fields are ignored. An absent value is empty, never 0. The one
 * exception is the number of failed requests, which aiperf leaves out when it is 0.
 */
public final class AiperfExport {

  /** Milliseconds in each time unit that aiperf writes. */
  private static final Map<String, Double> MILLISECONDS =
      Map.of("ms", 1.0, "s", 1e3, "sec", 1e3, "us", 1e-3, "µs", 1e-3, "ns", 1e-6);

  /** More requests than any run makes. */
  private static final double MAX_COUNT = 1e15;

  /**
   * The statistics of one metric.
   *
   * @param unit as written, such as {@code ms} or {@code tokens/sec}
   * @param stats finite values by statistic, such as {@code avg} or {@code p99}
   */
  record MetricStats(String unit, Map<String, Double> stats) {}

  /**
   * The result of reading the file.
   *
   * @param export the summary; empty when it is absent or unusable
   * @param problem what is wrong with the file, beginning with {@code absent}, {@code truncated},
   *     {@code not JSON}, {@code not as aiperf writes it}, {@code too large} or {@code not
   *     readable}; empty when there is a summary
   */
  public record Reading(Optional<AiperfExport> export, String problem) {}

  private final Map<String, MetricStats> metrics;
  private final RequestErrors errors;
  private final long brokenOff;
  private final String aiperfVersion;
  private final boolean cancelled;
  private final boolean complete;
  private final OptionalDouble gpuWatts;

  AiperfExport(
      Map<String, MetricStats> metrics,
      RequestErrors errors,
      long brokenOff,
      String aiperfVersion,
      boolean cancelled,
      boolean complete,
      OptionalDouble gpuWatts) {
    this.metrics = new HashMap<>(metrics);
    this.errors = errors;
    this.brokenOff = brokenOff;
    this.aiperfVersion = aiperfVersion;
    this.cancelled = cancelled;
    this.complete = complete;
    this.gpuWatts = gpuWatts;
  }

  /** Reads the summary in this run folder; never throws, whatever the file contains. */
  public static Reading read(Path runFolder) {
    return ExportReader.read(new RunFolder(runFolder).export());
  }

  /** A statistic in the metric's own unit, such as {@code stat("time_to_first_token", "p99")}. */
  public OptionalDouble stat(String tag, String stat) {
    Double value = metrics.containsKey(tag) ? metrics.get(tag).stats().get(stat) : null;
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /** The unit of a metric, as written. */
  public Optional<String> unit(String tag) {
    return Optional.ofNullable(metrics.get(tag)).map(MetricStats::unit);
  }

  /** A statistic of a time metric in milliseconds; empty when its unit is not a time unit. */
  public OptionalDouble milliseconds(String tag, String stat) {
    OptionalDouble value = stat(tag, stat);
    Double factor = unit(tag).map(MILLISECONDS::get).orElse(null);
    return value.isEmpty() || factor == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(value.getAsDouble() * factor);
  }

  /** Successful requests; {@code request_count} counts no others. */
  public long succeededRequests() {
    return count("request_count");
  }

  /**
   * Failed requests: the larger of the metric, which counts those that were broken off, too, and
   * the total of the error summary.
   */
  public long failedRequests() {
    return Math.max(count("error_request_count") - brokenOff, errors.total());
  }

  /** Requests that aiperf broke off as it was asked to. */
  public long brokenOffRequests() {
    return brokenOff;
  }

  private long count(String tag) {
    return (long) Math.max(0, Math.min(stat(tag, "avg").orElse(0), MAX_COUNT));
  }

  /** The errors of the failed requests. */
  public RequestErrors errors() {
    return errors;
  }

  /** The version of aiperf that wrote the file; empty when it is not given. */
  public String aiperfVersion() {
    return aiperfVersion;
  }

  /** The average power in watts, summed over all GPUs in the telemetry. */
  public OptionalDouble gpuWatts() {
    return gpuWatts;
  }

  /** Whether the run was cancelled before it finished. */
  public boolean wasCancelled() {
    return cancelled;
  }

  /** Whether the run finished; true for versions that do not write this field. */
  public boolean isComplete() {
    return complete;
  }
}
