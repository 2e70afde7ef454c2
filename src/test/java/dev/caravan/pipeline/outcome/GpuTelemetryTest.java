package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.pipeline.outcome.GpuTelemetry.Figure;
import dev.caravan.testing.SampleTree;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuTelemetryTest {

  @TempDir private Path folder;

  @Test
  void readsEachGpuOverTimeWhateverItsMaker() {
    // given: records as aiperf 0.13.0 writes them, the names of an older version, and garbage
    write(
        """
        {"gpu_index":0,"gpu_model_name":"H100","hostname":"n1","timestamp_ns":1000,\
        "telemetry_data":{"nvidia_power_usage":350.5,"nvidia_gpu_utilization":null}}
        {"gpu_index":1,"gpu_model_name":"MI300X","hostname":"n1","timestamp_ns":1000,\
        "telemetry_data":{"amd_power":600,"amd_temperature":61}}
        {"gpu_index":0,"gpu_model_name":"H100","hostname":"n1","timestamp_ns":2000,\
        "telemetry_data":{"gpu_power_usage":351,"gpu_utilization":99}}
        {"gpu_index":0,"timestamp_ns":"soon"}
        [1, 2
        """);

    // when
    GpuTelemetry telemetry = GpuTelemetry.of(folder);

    // then
    assertThat(telemetry.gpus())
        .extracting(GpuTelemetry.Gpu::name)
        .containsExactly("GPU 0 H100 n1", "GPU 1 MI300X n1");
    GpuTelemetry.Gpu first = telemetry.gpus().get(0);
    assertThat(first.samples())
        .extracting(GpuTelemetry.Sample::nanos)
        .containsExactly(1000L, 2000L);
    assertThat(first.samples())
        .extracting(sample -> value(sample, Figure.POWER))
        .containsExactly(350.5, 351.0);
    assertThat(value(first.samples().get(0), Figure.UTILIZATION)).isNaN();
    assertThat(value(telemetry.gpus().get(1).samples().get(0), Figure.TEMPERATURE)).isEqualTo(61);
  }

  @Test
  void showsAnEvenSelectionOfManySamples() {
    // given
    StringBuilder text = new StringBuilder();
    for (int at = 1; at <= 3000; at++) {
      text.append("{\"gpu_index\":0,\"timestamp_ns\":" + at + ",\"telemetry_data\":{}}\n");
    }
    write(text.toString());

    // then
    assertThat(GpuTelemetry.of(folder).gpus().get(0).samples()).hasSize(600);
  }

  @Test
  void hasNoGpusWhereAiperfRecordedNone() {
    assertThat(GpuTelemetry.of(folder).gpus()).isEmpty();
  }

  private static double value(GpuTelemetry.Sample sample, Figure figure) {
    return sample.values()[figure.ordinal()];
  }

  private void write(String text) {
    SampleTree.write(folder.resolve("gpu_telemetry_export.jsonl"), text);
  }
}
