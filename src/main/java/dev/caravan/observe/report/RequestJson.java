package dev.caravan.observe.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.caravan.storage.Json;
import java.io.IOException;

/** Writes the requests of a run as fields of a JSON object. */
final class RequestJson {

  private RequestJson() {}

  static void write(RequestData requests, JsonNumbers numbers) throws IOException {
    JsonGenerator json = numbers.json();
    json.writeNumberField("total", requests.total());
    json.writeNumberField("warmup", requests.warmup());
    json.writeNumberField("errors", requests.errors());
    json.writeFieldName("error_kinds");
    Json.MAPPER.writeValue(json, requests.errorKinds());
    json.writeBooleanField("complete", requests.complete());
    json.writeFieldName("measured_from");
    numbers.write(requests.measuredFrom());
    json.writeFieldName("first_response");
    numbers.write(requests.firstResponse());
    numbers.write("start", requests.start());
    numbers.write("ttft", requests.ttft());
    numbers.write("latency", requests.latency());
    numbers.write("kind", requests.kind());
    numbers.write("per_second", requests.perSecond());
    numbers.write("errors_per_second", requests.errorsPerSecond());
    numbers.write("in_flight", requests.inFlight());
    numbers.write("ttft_quantiles", requests.ttftQuantiles());
    numbers.write("latency_quantiles", requests.latencyQuantiles());
    json.writeArrayFieldStart("stalls");
    for (double[] stall : requests.stalls()) {
      numbers.write(stall);
    }
    json.writeEndArray();
  }
}
