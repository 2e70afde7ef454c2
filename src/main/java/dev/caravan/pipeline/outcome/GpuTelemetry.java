package dev.caravan.pipeline.outcome;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.pipeline.environment.Plausible;
import dev.caravan.storage.Json;
import dev.caravan.storage.RunFolder;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What aiperf recorded of the GPUs of a service during a run. aiperf records it where it reaches a
 * DCGM exporter, or runs on the host of the GPUs.
 *
 * @param gpus each GPU, in the order in which they appear
 */
public record GpuTelemetry(List<Gpu> gpus) {

  /** Nothing was recorded. */
  public static final GpuTelemetry NONE = new GpuTelemetry(List.of());

  private static final ReadLimits LIMITS = new ReadLimits(32L << 20, Duration.ofSeconds(5));
  private static final int MAX_LINE = 64 << 10;
  private static final int MAX_GPUS = 16;
  private static final int MAX_SAMPLES = 50_000;
  private static final int MAX_SHOWN = 600;
  private static final int MAX_NAME = 60;

  public GpuTelemetry {
    gpus = List.copyOf(gpus);
  }

  /** A figure of a GPU. */
  public enum Figure {
    POWER("Power", "W", "nvidia_power_usage", "amd_power", "gpu_power_usage"),
    UTILIZATION(
        "Utilization", "%", "nvidia_gpu_utilization", "amd_gfx_activity", "gpu_utilization"),
    MEMORY("Memory used", "GB", "nvidia_memory_used", "amd_memory_used", "gpu_memory_used"),
    TEMPERATURE("Temperature", "°C", "nvidia_temperature", "amd_temperature", "gpu_temperature");

    private final String label;
    private final String unit;
    private final List<String> fields;

    /**
     * A figure.
     *
     * @param fields its names in records of aiperf, of which each has one
     */
    Figure(String label, String unit, String... fields) {
      this.label = label;
      this.unit = unit;
      this.fields = List.of(fields);
    }

    public String label() {
      return label;
    }

    public String unit() {
      return unit;
    }

    private double from(JsonNode data) {
      return fields.stream()
          .map(data::path)
          .filter(JsonNode::isNumber)
          .mapToDouble(JsonNode::asDouble)
          .filter(Plausible::isFigure)
          .findFirst()
          .orElse(Double.NaN);
    }
  }

  /**
   * A GPU.
   *
   * @param name such as {@code GPU 0 H100}
   * @param samples its samples, of many an even selection
   */
  public record Gpu(String name, List<Sample> samples) {

    public Gpu {
      samples = List.copyOf(samples);
    }
  }

  /**
   * A moment of a GPU.
   *
   * @param nanos Unix time
   * @param values in the order of {@link Figure}; an absent one is NaN
   */
  public record Sample(long nanos, double[] values) {}

  /** The telemetry of the run in this folder; without GPUs when aiperf recorded none. */
  public static GpuTelemetry of(Path runFolder) {
    Map<String, List<Sample>> samples = new LinkedHashMap<>();
    BoundedLines.read(
        new RunFolder(runFolder).gpuTelemetry(), LIMITS, MAX_LINE, line -> add(line, samples));
    return new GpuTelemetry(
        samples.entrySet().stream()
            .map(each -> new Gpu(each.getKey(), shown(each.getValue())))
            .toList());
  }

  private static void add(byte[] line, Map<String, List<Sample>> samples) throws IOException {
    try {
      JsonNode record = Json.PYTHON.readTree(line);
      long nanos = record.path("timestamp_ns").asLong(0);
      String name = name(record);
      boolean isNew = !samples.containsKey(name);
      if (nanos > 0 && !(isNew && samples.size() == MAX_GPUS)) {
        JsonNode data = record.path("telemetry_data");
        List<Sample> known = samples.computeIfAbsent(name, gpu -> new ArrayList<>());
        if (known.size() < MAX_SAMPLES) {
          known.add(
              new Sample(
                  nanos,
                  Stream.of(Figure.values()).mapToDouble(figure -> figure.from(data)).toArray()));
        }
      }
    } catch (JsonProcessingException | CharConversionException e) {
      return; // the last line of a run in progress may be cut off
    }
  }

  private static String name(JsonNode record) {
    String name =
        "GPU "
            + record.path("gpu_index").asText("")
            + " "
            + record.path("gpu_model_name").asText("")
            + " "
            + record.path("hostname").asText("");
    return OneLine.line(name.strip(), MAX_NAME);
  }

  private static List<Sample> shown(List<Sample> all) {
    int step = Math.max(1, (all.size() + MAX_SHOWN - 1) / MAX_SHOWN);
    return IntStream.iterate(0, at -> at < all.size(), at -> at + step).mapToObj(all::get).toList();
  }
}
