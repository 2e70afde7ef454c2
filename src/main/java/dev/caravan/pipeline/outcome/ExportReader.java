package dev.caravan.pipeline.outcome;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonMappingException;
import dev.caravan.pipeline.environment.Plausible;
import dev.caravan.storage.Json;
import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Reads aiperf's summary as a stream; keeps metrics and errors, and skips the rest. */
final class ExportReader {

  /** A summary of AIPerf 0.13 takes 20 kB; with the telemetry of many GPUs, some megabytes. */
  private static final long MAX_BYTES = 64L << 20;

  /** The statistics in use; reading the others would take most of the time. */
  private static final Set<String> STATS = Set.of("avg", "p50", "p90", "p99", "sum");

  private static final int MAX_METRICS = 5_000;

  /** One item of {@code error_summary}. */
  private record ErrorCount(RequestError.Details errorDetails, Long count) {}

  private final Map<String, AiperfExport.MetricStats> metrics = new HashMap<>();
  private final RequestErrors errors = new RequestErrors();
  private String version = "";
  private double watts;
  private boolean hasPower;
  private boolean cancelled;
  private boolean breaksOff;
  private boolean complete = true;

  private ExportReader() {}

  static AiperfExport.Reading read(Path file) {
    try {
      return Files.size(file) > MAX_BYTES
          ? unusable("too large: " + OneLine.count(Files.size(file)) + " bytes")
          : new AiperfExport.Reading(Optional.of(new ExportReader().export(file)), "");
    } catch (NoSuchFileException e) {
      return unusable("absent");
    } catch (JsonEOFException e) {
      return unusable("truncated");
    } catch (JsonMappingException e) {
      return unusable("not as aiperf writes it: " + OneLine.line(e.getOriginalMessage(), 120));
    } catch (JsonProcessingException e) {
      return unusable("not JSON: " + OneLine.line(e.getOriginalMessage(), 120));
    } catch (IOException e) {
      return unusable("not readable: " + OneLine.line(e.toString(), 120));
    }
  }

  private static AiperfExport.Reading unusable(String problem) {
    return new AiperfExport.Reading(Optional.empty(), problem);
  }

  private AiperfExport export(Path file) throws IOException {
    try (JsonParser json = Json.PYTHON.createParser(RegularFiles.stream(file))) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new JsonEOFException(json, json.currentToken(), "not an object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        readField(name, json);
      }
      json.nextToken(); // throws if anything follows the object
    }
    long brokenOff = breaksOff ? errors.total(RequestError.Kind.BROKEN_OFF) : 0;
    RequestErrors failures = breaksOff ? errors.without(RequestError.Kind.BROKEN_OFF) : errors;
    return new AiperfExport(metrics, failures, brokenOff, version, cancelled, complete, power());
  }

  private OptionalDouble power() {
    return hasPower ? OptionalDouble.of(watts) : OptionalDouble.empty();
  }

  private void readField(String name, JsonParser json) throws IOException {
    switch (name) {
      case "was_cancelled" -> cancelled = json.currentToken() == JsonToken.VALUE_TRUE;
      case "is_complete" -> complete = json.currentToken() != JsonToken.VALUE_FALSE;
      case "aiperf_version" -> version = OneLine.line(json.getValueAsString(""), 40);
      case "error_summary" -> readErrors(json);
      case "telemetry_data" -> readPower(json);
      case "input_config" -> readConfig(json);
      case "warmup_metrics", "run_info" -> json.skipChildren();
      default -> {
        if (json.currentToken() == JsonToken.START_OBJECT) {
          readMetric(name, json);
        }
      }
    }
    json.skipChildren(); // does nothing unless the value has an unexpected type
  }

  /**
   * Finds out whether aiperf was asked to break off requests. Else a service could pass off its own
   * errors as such requests.
   */
  private void readConfig(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      return;
    }
    JsonStreamContext config = json.getParsingContext();
    JsonStreamContext summary = config.getParent();
    while (json.nextToken() != null && json.getParsingContext() != summary) {
      breaksOff |=
          json.currentToken().isNumeric()
              && isCancellationRate(json.getParsingContext(), config)
              && json.getDoubleValue() > 0;
    }
  }

  /** Whether that is {@code phases[…].cancellation.rate}. */
  private static boolean isCancellationRate(JsonStreamContext at, JsonStreamContext config) {
    JsonStreamContext phase = at.getParent();
    return "rate".equals(at.getCurrentName())
        && "cancellation".equals(phase.getCurrentName())
        && phase.getParent().inArray()
        && phase.getParent().getParent() == config
        && "phases".equals(config.getCurrentName());
  }

  private void readErrors(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      return;
    }
    while (json.nextToken() == JsonToken.START_OBJECT) {
      ErrorCount item = Json.MAPPER.readValue(json, ErrorCount.class);
      if (item.count() != null && item.errorDetails() != null) {
        errors.add(item.errorDetails().error(), item.count());
      }
    }
  }

  /** Adds the average power of each GPU, at any depth below this token. */
  private void readPower(JsonParser json) throws IOException {
    int depth = 0;
    int power = 0; // depth of the enclosing power metric; 0 outside of one
    String name = "";
    do {
      JsonToken token = json.currentToken();
      if (token == JsonToken.FIELD_NAME) {
        name = json.currentName();
      } else if (token.isStructStart()) {
        depth++;
        power = power == 0 && name.endsWith("power_usage") ? depth : power;
      } else if (token.isStructEnd()) {
        power = power == depth ? 0 : power;
        depth--;
      } else if (power == depth
          && name.equals("avg")
          && token.isNumeric()
          && Plausible.isFigure(json.getDoubleValue())) {
        watts += json.getDoubleValue();
        hasPower = true;
      }
    } while (depth > 0 && json.nextToken() != null);
  }

  private void readMetric(String tag, JsonParser json) throws IOException {
    Map<String, Double> stats = new HashMap<>();
    String unit = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      if (name.equals("unit") && value == JsonToken.VALUE_STRING) {
        unit = json.getText();
      } else if (value.isNumeric()
          && STATS.contains(name)
          && Plausible.isFigure(json.getDoubleValue())) {
        stats.put(name, json.getDoubleValue());
      }
      json.skipChildren();
    }
    if (unit != null && metrics.size() < MAX_METRICS) {
      metrics.put(tag, new AiperfExport.MetricStats(unit, Map.copyOf(stats)));
    }
  }
}
