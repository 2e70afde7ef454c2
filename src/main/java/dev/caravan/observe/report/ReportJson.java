package dev.caravan.observe.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.caravan.config.Slo;
import dev.caravan.pipeline.outcome.GpuTelemetry;
import dev.caravan.pipeline.outcome.SloResult;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Writes a report as JSON, which {@link ReportScript} draws. Numbers have six significant digits;
 * absent ones are null. The text contains no {@code <}, so that it is safe inside a script element.
 */
public final class ReportJson {

  private final StringWriter text = new StringWriter();
  private final JsonGenerator json;

  private final JsonNumbers numbers;
  private final boolean brief;

  private ReportJson(boolean brief) throws IOException {
    this.json = Json.MAPPER.createGenerator(text);
    this.numbers = new JsonNumbers(json);
    this.brief = brief;
  }

  /** The report as JSON. */
  public static String of(ReportData report) {
    return write(false, writer -> writer.report(report));
  }

  /** The report as JSON that fits into a page: of each run only what the page shows. */
  static String brief(ReportData report) {
    return write(true, writer -> writer.report(report));
  }

  /** The requests of one run as JSON, with the requested concurrency and what its GPUs did. */
  public static String of(RequestData requests, long concurrency, GpuTelemetry gpus) {
    return write(
        false,
        writer -> {
          writer.json.writeStartObject();
          writer.json.writeNumberField("concurrency", concurrency);
          RequestJson.write(requests, writer.numbers);
          GpuJson.write(writer.json, writer.numbers::write, gpus, requests.origin());
          writer.json.writeEndObject();
        });
  }

  private interface Part {
    void write(ReportJson writer) throws IOException;
  }

  private static String write(boolean brief, Part part) {
    try {
      ReportJson writer = new ReportJson(brief);
      part.write(writer);
      writer.json.flush();
      return writer
          .text
          .toString()
          .replace("<", "\\u003c")
          .replace("\u2028", "\\u2028")
          .replace("\u2029", "\\u2029");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void report(ReportData report) throws IOException {
    json.writeStartObject();
    json.writeNumberField("schema", ReportData.SCHEMA);
    json.writeStringField("generated_at", report.generatedAt());
    json.writeStringField("version", report.version());
    json.writeArrayFieldStart("batches");
    for (BatchData batch : report.batches()) {
      batch(batch);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("plots");
    for (Plot plot : report.plots()) {
      plot(plot);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("requests");
    for (ReportData.RunRequests run : report.requests()) {
      json.writeStartObject();
      json.writeNumberField("batch", run.batch());
      json.writeNumberField("point", run.point());
      RequestJson.write(run.requests(), numbers);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeFieldName("comparisons");
    Json.MAPPER.writeValue(json, report.comparisons());
    if (!report.settings().isEmpty()) {
      json.writeFieldName("settings");
      Json.MAPPER.writeValue(json, report.settings());
      json.writeFieldName("differing");
      Json.MAPPER.writeValue(json, DifferingSettings.of(report.batches(), report.settings()));
    }
    json.writeEndObject();
  }

  private void batch(BatchData batch) throws IOException {
    List<ReportMetric> metrics =
        Arrays.stream(ReportMetric.values())
            .filter(m -> batch.points().stream().anyMatch(p -> p.metrics().get(m).isPresent()))
            .toList();
    json.writeStartObject();
    json.writeStringField("id", batch.id());
    json.writeBooleanField("finished", batch.finished());
    json.writeNumberField("total", batch.total());
    json.writeFieldName("provenance");
    Json.MAPPER.writeValue(json, batch.provenance());
    keys(batch);
    json.writeArrayFieldStart("metrics");
    for (ReportMetric metric : metrics) {
      metric(metric);
    }
    json.writeEndArray();
    json.writeFieldName("checks");
    Json.MAPPER.writeValue(json, BatchFindings.of(batch));
    Optional<SloReport> slo = SloReport.of(batch);
    if (slo.isPresent()) {
      json.writeFieldName("slo");
      Json.MAPPER.writeValue(json, slo.get());
    }
    points(batch, metrics);
    if (DrawnRepeats.hasRepeats(batch)) {
      BatchData drawn = DrawnRepeats.of(batch);
      json.writeObjectFieldStart("drawn");
      keys(drawn);
      points(drawn, metrics);
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private void keys(BatchData batch) throws IOException {
    json.writeArrayFieldStart("keys");
    for (int key = 0; key < batch.keys().size(); key++) {
      json.writeStartObject();
      json.writeStringField("name", batch.keys().get(key));
      json.writeBooleanField("numeric", batch.isNumeric(key));
      json.writeBooleanField("ordered", batch.isOrdered(key));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void points(BatchData batch, List<ReportMetric> metrics) throws IOException {
    json.writeArrayFieldStart("points");
    for (Point point : batch.points()) {
      point(batch, point, metrics);
    }
    json.writeEndArray();
  }

  private void metric(ReportMetric metric) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", metric.column());
    json.writeStringField("label", metric.label());
    json.writeStringField("unit", metric.unit());
    json.writeStringField("better", lowerCase(metric.better()));
    if (metric.samples() > 0) {
      json.writeFieldName("samples");
      numbers.write(metric.samples());
    }
    json.writeEndObject();
  }

  private void point(BatchData batch, Point point, List<ReportMetric> metrics) throws IOException {
    json.writeStartObject();
    json.writeNumberField("index", point.index());
    json.writeStringField("folder", point.folder());
    json.writeFieldName("values");
    Json.MAPPER.writeValue(json, point.values());
    json.writeStringField("state", point.state());
    text("cause", point.cause());
    text("reason", point.reason());
    text("started_at", brief ? "" : point.startedAt());
    if (point.repeats().isPresent()) {
      json.writeNumberField("repeats", point.repeats().get().runs());
      json.writeNumberField("counted", point.repeats().get().count());
    }
    if (point.attempt() > 1) {
      json.writeNumberField("attempt", point.attempt());
    }
    if (!point.open()) {
      json.writeArrayFieldStart("metrics");
      for (ReportMetric metric : metrics) {
        numbers.write(point.metrics().get(metric).orElse(Double.NaN));
      }
      json.writeEndArray();
      checks(point, metrics);
      if (!batch.slo().isEmpty()) {
        slo(batch.slo(point));
      }
    }
    json.writeEndObject();
  }

  private void checks(Point point, List<ReportMetric> metrics) throws IOException {
    List<Finding> findings = brief ? point.alarms() : point.checks().findings();
    if (!brief || !findings.isEmpty()) {
      json.writeFieldName("checks");
      Json.MAPPER.writeValue(json, findings);
    }
    if (!brief || metrics.stream().anyMatch(metric -> !point.interval(metric).isEmpty())) {
      intervals(point, metrics);
    }
  }

  private void intervals(Point point, List<ReportMetric> metrics) throws IOException {
    json.writeObjectFieldStart("intervals");
    for (ReportMetric metric : metrics) {
      List<Double> interval = point.interval(metric);
      if (interval.size() == 2 && metric.better() != ReportMetric.Better.NEITHER) {
        numbers.write(
            metric.column(), interval.stream().mapToDouble(Double::doubleValue).toArray());
      }
    }
    json.writeEndObject();
  }

  private void slo(SloResult result) throws IOException {
    json.writeStringField("slo", result.state().value());
    json.writeArrayFieldStart("slo_missed");
    for (Slo missed : result.missed()) {
      json.writeString(missed.metric());
    }
    json.writeEndArray();
  }

  private void plot(Plot plot) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", plot.id());
    json.writeStringField("kind", lowerCase(plot.kind()));
    json.writeStringField("title", plot.title());
    json.writeStringField("x", plot.x());
    json.writeFieldName("y");
    Json.MAPPER.writeValue(json, plot.y());
    json.writeFieldName("series");
    Json.MAPPER.writeValue(json, plot.series());
    text("note", plot.note());
    json.writeEndObject();
  }

  private void text(String name, String value) throws IOException {
    if (!value.isEmpty()) {
      json.writeStringField(name, value);
    }
  }

  private static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
