package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.config.Parameters;
import dev.caravan.model.plan.Place;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunMetadataTest {

  private static final LocalDateTime START = LocalDateTime.parse("2026-11-24T14:02:54.123456789");

  @Test
  void startsWithTheSixFieldsOfRunAiperf() throws IOException {
    // when
    JsonNode json = json(START, Map.of("concurrency", 4L));
    // then
    List<String> names = new ArrayList<>();
    json.fieldNames().forEachRemaining(names::add);
    assertThat(names)
        .startsWith(
            "run_index", "timestamp", "config_file", "sweep_params", "base_config", "command")
        .contains("schema", "duration_seconds");
    assertThat(json.get("run_index").asInt()).isZero();
    assertThat(json.get("sweep_params").get("concurrency").asInt()).isEqualTo(4);
    assertThat(json.get("parameters").get("concurrency").asInt()).isEqualTo(4);
    assertThat(json.get("command").asText()).endsWith("--api-key $NVIDIA_API_KEY");
  }

  @Test
  void hasEveryBaseKeyWithNullForAbsentOnes() throws IOException {
    // when
    JsonNode base = json(START, Map.of()).get("base_config");
    // then
    List<String> names = new ArrayList<>();
    base.fieldNames().forEachRemaining(names::add);
    assertThat(names).containsExactly("model", "tokenizer", "url", "concurrency");
    assertThat(base.get("tokenizer").isNull()).isTrue();
    assertThat(base.get("concurrency").asInt()).isEqualTo(1);
  }

  @Test
  void hasNoSweepParametersWithoutSweeps() throws IOException {
    // when
    JsonNode json = json(START, Map.of());
    // then
    assertThat(json.has("sweep_params")).isTrue();
    assertThat(json.get("sweep_params").isNull()).isTrue();
  }

  @Test
  void writesTheTimestampLikePython() throws IOException {
    assertThat(json(START, Map.of()).get("timestamp").asText())
        .isEqualTo("2026-11-24T14:02:54.123456");
    assertThat(json(LocalDateTime.parse("2026-11-24T14:00"), Map.of()).get("timestamp").asText())
        .isEqualTo("2026-11-24T14:00:00");
  }

  private static JsonNode json(LocalDateTime start, Map<String, Object> sweep) throws IOException {
    Parameters base = new Parameters(Map.of("model", "m", "url", "http://h", "concurrency", 1L));
    Map<String, Object> merged = new java.util.LinkedHashMap<>(base.values());
    merged.putAll(sweep);
    RunMetadata metadata =
        new RunMetadata(
            0,
            start,
            "sweep.yaml",
            sweep,
            base,
            List.of("model", "tokenizer", "url", "concurrency"),
            "aiperf profile --model m --api-key $NVIDIA_API_KEY",
            "b/20261124_140254",
            "b/20261124_140254/concurrency4",
            "concurrency4",
            new Parameters(merged),
            Map.of("gpu", "H100"),
            Place.UNKNOWN,
            1,
            "0.13.0",
            "0.1.0",
            "bench-1",
            "",
            Optional.of(Duration.ofSeconds(8)));
    return new ObjectMapper().readTree(metadata.json());
  }
}
