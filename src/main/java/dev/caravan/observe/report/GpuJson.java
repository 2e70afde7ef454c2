package dev.caravan.observe.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.caravan.pipeline.outcome.GpuTelemetry;
import dev.caravan.pipeline.outcome.GpuTelemetry.Figure;
import dev.caravan.pipeline.outcome.GpuTelemetry.Gpu;
import java.io.IOException;
import java.util.Arrays;

/** Writes what the GPUs of a run did, as a part of its JSON form. */
final class GpuJson {

  private static final double NANOS = 1e9;

  private GpuJson() {}

  /** Writes numbers into a field. */
  @FunctionalInterface
  interface Numbers {
    void write(String field, double[] values) throws IOException;
  }

  /**
   * Writes each figure that a GPU has.
   *
   * @param origin Unix time of second 0, in nanoseconds
   */
  static void write(JsonGenerator json, Numbers numbers, GpuTelemetry telemetry, long origin)
      throws IOException {
    json.writeArrayFieldStart("gpus");
    for (Gpu gpu : telemetry.gpus()) {
      for (Figure figure : Figure.values()) {
        double[] values =
            gpu.samples().stream()
                .mapToDouble(sample -> sample.values()[figure.ordinal()])
                .toArray();
        if (Arrays.stream(values).anyMatch(Double::isFinite)) {
          json.writeStartObject();
          json.writeStringField("gpu", gpu.name());
          json.writeStringField("figure", figure.label());
          json.writeStringField("unit", figure.unit());
          numbers.write(
              "at",
              gpu.samples().stream()
                  .mapToDouble(sample -> (sample.nanos() - origin) / NANOS)
                  .toArray());
          numbers.write("values", values);
          json.writeEndObject();
        }
      }
    }
    json.writeEndArray();
  }
}
