package dev.caravan.pipeline.outcome;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.caravan.pipeline.environment.Plausible;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * One request of aiperf's request log. Only what is used is parsed: most of a line is the latency
 * of each chunk. An absent number is NaN or 0.
 */
public final class RequestLine {

  /** The kind of an error that has neither a status nor a name. */
  public static final String OTHER_ERROR = "other error";

  private static final int MAX_LINE = 1 << 20;
  private static final Pattern HTTP_STATUS = Pattern.compile("[1-9]\\d{2}");
  private static final Pattern ERROR_NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.]{0,59}");

  /** Keeps no names of fields, which takes long when they are new in every line. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .build();

  private long startNanos;
  private long endNanos;
  private boolean warmup;
  private boolean failed;
  private String errorKind = OTHER_ERROR;
  private double ttft = Double.NaN;
  private double latency = Double.NaN;
  private int tokens = -1;
  private int countedByService = -1;
  private double mismatch = Double.NaN;
  private double chunks = Double.NaN;
  private String conversation = "";

  /** Reads the value of a field up to its end. */
  @FunctionalInterface
  private interface FieldReader {
    void read(String name, JsonParser json) throws IOException;
  }

  private RequestLine() {}

  /**
   * Passes on the requests in about the first {@code maxBytes} bytes of a request log, line by line
   * in bounded memory.
   *
   * @return whether these are all: whether the whole file was read, and every line is a request
   */
  public static boolean read(Path file, long maxBytes, Consumer<RequestLine> sink) {
    return read(file, new ReadLimits(maxBytes, ReadLimits.OF_AN_ATTEMPT.time()), sink);
  }

  static boolean read(Path file, ReadLimits limits, Consumer<RequestLine> sink) {
    AtomicBoolean complete = new AtomicBoolean(true);
    long unread =
        BoundedLines.read(
            file,
            limits,
            MAX_LINE,
            line -> {
              if (!pass(line, sink)) {
                complete.setPlain(false);
              }
            });
    return complete.getPlain() && unread == 0;
  }

  /** False when the line is no request, such as the last one of a live run, which is cut off. */
  private static boolean pass(byte[] line, Consumer<RequestLine> sink) {
    Optional<RequestLine> request = parsed(line);
    request.ifPresent(sink);
    return request.isPresent();
  }

  /** The request of a line; empty when it is none. */
  static Optional<RequestLine> parsed(byte[] line) {
    try {
      return Optional.of(of(line)).filter(request -> request.startNanos > 0);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static RequestLine of(byte[] line) throws IOException {
    try (JsonParser json = JSON.createParser(line)) {
      RequestLine request = new RequestLine();
      json.nextToken();
      readFields(json, request::readField);
      return request;
    }
  }

  /** When it was sent, Unix time. */
  public long startNanos() {
    return startNanos;
  }

  /** When it ended, Unix time; 0 when the line does not say. */
  public long endNanos() {
    return endNanos;
  }

  /** Whether it belongs to the warm-up. */
  public boolean isWarmup() {
    return warmup;
  }

  /** Whether it failed. */
  public boolean hasFailed() {
    return failed;
  }

  /** The HTTP status of a request that failed, else the name of its error. */
  public String errorKind() {
    return errorKind;
  }

  /** Time to first token in ms. */
  public double ttft() {
    return ttft;
  }

  /** Latency in ms. */
  public double latency() {
    return latency;
  }

  /** Tokens of the reply; −1 when the line does not say. */
  public int tokens() {
    return tokens;
  }

  /** Tokens of the reply as the service counts them; −1 when the line does not say. */
  int countedByService() {
    return countedByService;
  }

  /** Tokens that were requested; NaN when the line does not say. */
  double requested() {
    return tokens > 0 ? Math.rint(tokens / (1 + mismatch / 100)) : Double.NaN;
  }

  /** Pieces in which the reply arrived. */
  double chunks() {
    return chunks;
  }

  /** The entry of the data set that was sent. */
  String conversation() {
    return conversation;
  }

  private void readField(String name, JsonParser json) throws IOException {
    switch (name) {
      case "metadata" -> readFields(json, this::readMetadata);
      case "metrics" -> readFields(json, this::readMetric);
      case "error" -> {
        failed = json.currentToken() != JsonToken.VALUE_NULL;
        readFields(json, this::readError);
      }
      default -> json.skipChildren();
    }
  }

  private void readError(String name, JsonParser json) throws IOException {
    String text = json.getValueAsString("");
    if (name.equals("code") && HTTP_STATUS.matcher(text).matches()) {
      errorKind = text;
    } else if (name.equals("type")
        && errorKind.equals(OTHER_ERROR)
        && ERROR_NAME.matcher(text).matches()) {
      errorKind = text;
    }
    json.skipChildren();
  }

  private void readMetadata(String name, JsonParser json) throws IOException {
    switch (name) {
      case "request_start_ns" -> startNanos = json.getValueAsLong(0);
      case "request_end_ns" -> endNanos = json.getValueAsLong(0);
      case "benchmark_phase" -> warmup = "warmup".equals(json.getValueAsString(""));
      case "conversation_id" -> conversation = json.getValueAsString("");
      default -> {}
    }
    json.skipChildren();
  }

  private void readMetric(String name, JsonParser json) throws IOException {
    switch (name) {
      case "time_to_first_token" -> ttft = value(json);
      case "request_latency" -> latency = value(json);
      case "output_sequence_length" -> tokens = whole(value(json));
      case "usage_completion_tokens" -> countedByService = whole(value(json));
      case "osl_mismatch_diff_pct" -> mismatch = value(json);
      case "http_req_chunks_received" -> chunks = value(json);
      default -> json.skipChildren();
    }
  }

  private static int whole(double value) {
    return value >= 0 && value < Integer.MAX_VALUE ? (int) value : -1;
  }

  private static double value(JsonParser json) throws IOException {
    double[] value = {Double.NaN};
    readFields(
        json,
        (name, field) -> {
          if (name.equals("value")
              && field.currentToken().isNumeric()
              && Plausible.isFigure(field.getDoubleValue())) {
            value[0] = field.getDoubleValue();
          }
          field.skipChildren();
        });
    return value[0];
  }

  /** Passes on the fields of the current value; none when it is no object. */
  private static void readFields(JsonParser json, FieldReader reader) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      reader.read(name, json);
    }
  }
}
