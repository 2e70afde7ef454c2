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

/** How JSON is read and written here. */
final class ResultJson {

  /** Takes Python's {@code NaN} and {@code Infinity}; each reader drops what is not finite. */
  static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .build();

  static final JsonFactory FACTORY = MAPPER.getFactory();

  private ResultJson() {}

  /**
   * A JSON file for people and programs: indented, keys in the map's order, a newline at its end.
   */
  static byte[] file(Map<String, Object> content) {
    try {
      byte[] json = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(content);
      byte[] file = Arrays.copyOf(json, json.length + 1);
      file[json.length] = '\n';
      return file;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON can be made of " + content.keySet(), e);
    }
  }

  /** A moment as RFC 3339 with offset and milliseconds. */
  static String time(OffsetDateTime moment) {
    return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(moment.truncatedTo(ChronoUnit.MILLIS));
  }

  /** A time span in seconds, to the millisecond. */
  static double seconds(Duration span) {
    return span.toMillis() / 1000.0;
  }
}
