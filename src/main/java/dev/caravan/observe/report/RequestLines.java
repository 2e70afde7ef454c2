package dev.caravan.observe.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.caravan.storage.RegularFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Parses aiperf's {@code profile_export.jsonl} line by line and skips lines that it cannot read.
 */
final class RequestLines {

  private static final int MAX_LINE = 1 << 20;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .build();

  /** One request; absent values are NaN or 0. */
  static final class Request {
    long startNanos;
    long endNanos;
    boolean warmup;
    boolean failed;
    double ttft = Double.NaN;
    double latency = Double.NaN;
  }

  /**
   * A request log.
   *
   * @param requests in the order of the file
   * @param complete whether the whole file was read without errors
   */
  record Log(List<Request> requests, boolean complete) {}

  private RequestLines() {}

  /** The requests in the first {@code maxChars} characters of this file. */
  static Log read(Path file, long maxChars) throws IOException {
    List<Request> requests = new ArrayList<>();
    boolean complete = true;
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(RegularFiles.stream(file), decoder), 1 << 16)) {
      long read = 0;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        read += line.length();
        if (read > maxChars) {
          return new Log(requests, false);
        }
        complete &= parse(line, requests);
      }
    }
    return new Log(requests, complete);
  }

  /**
   * Adds the request of a line; false when it is incomplete, as the last line of a live run can be.
   */
  private static boolean parse(String line, List<Request> requests) throws IOException {
    if (line.isBlank() || line.length() > MAX_LINE) {
      return line.isBlank();
    }
    try (JsonParser json = JSON.createParser(line)) {
      Request request = new Request();
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        readField(request, name, json);
      }
      if (request.startNanos > 0) {
        requests.add(request);
      }
      return true;
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private static void readField(Request request, String name, JsonParser json) throws IOException {
    switch (name) {
      case "metadata" -> readMetadata(request, json);
      case "metrics" -> readMetrics(request, json);
      case "error" -> {
        request.failed = json.currentToken() != JsonToken.VALUE_NULL;
        json.skipChildren();
      }
      default -> json.skipChildren();
    }
  }

  private static void readMetadata(Request request, JsonParser json) throws IOException {
    while (nextField(json)) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "request_start_ns" -> request.startNanos = json.getValueAsLong(0);
        case "request_end_ns" -> request.endNanos = json.getValueAsLong(0);
        case "benchmark_phase" -> request.warmup = "warmup".equals(json.getValueAsString(""));
        default -> json.skipChildren();
      }
    }
  }

  private static void readMetrics(Request request, JsonParser json) throws IOException {
    while (nextField(json)) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "time_to_first_token" -> request.ttft = value(json);
        case "request_latency" -> request.latency = value(json);
        default -> json.skipChildren();
      }
    }
  }

  private static double value(JsonParser json) throws IOException {
    double value = Double.NaN;
    while (nextField(json)) {
      String name = json.currentName();
      JsonToken token = json.nextToken();
      if (name.equals("value") && token.isNumeric()) {
        value = json.getDoubleValue();
      }
      json.skipChildren();
    }
    return value;
  }

  /** Advances to the next field of the current object; false at its end or when it is null. */
  private static boolean nextField(JsonParser json) throws IOException {
    return json.currentToken() != JsonToken.VALUE_NULL && json.nextToken() == JsonToken.FIELD_NAME;
  }
}
