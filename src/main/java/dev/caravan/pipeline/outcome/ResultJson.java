package dev.caravan.pipeline.outcome;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;

/** Reads and writes the JSON files of this package. */
final class ResultJson {

  /** Accepts Python's {@code NaN} and {@code Infinity}; readers drop values that are not finite. */
  static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .build();

  static final JsonFactory FACTORY = MAPPER.getFactory();

  private ResultJson() {}

  /** The content of a JSON file: indented, with the keys in the map's order and a final newline. */
  static byte[] file(Map<String, Object> content) {
    try {
      byte[] json = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(content);
      byte[] file = Arrays.copyOf(json, json.length + 1);
      file[json.length] = '\n';
      return file;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot write as JSON: " + content.keySet(), e);
    }
  }

  /** A time as RFC 3339 with offset and milliseconds. */
  static String time(OffsetDateTime time) {
    return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time.truncatedTo(ChronoUnit.MILLIS));
  }

  /** A duration in seconds, to the millisecond. */
  static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
