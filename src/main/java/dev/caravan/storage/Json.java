package dev.caravan.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * JSON of files and messages. Names are in snake_case, absent values are null, and unknown fields
 * are ignored when read, because hub and worker may differ in version. What is read is bounded as
 * Jackson does by default: 1,000 levels of nesting, texts of 20 million characters, numbers of
 * 1,000 digits.
 */
public final class Json {

  /** The one mapper for what others write; never configured further. */
  public static final ObjectMapper MAPPER = builder().build();

  /**
   * Reads what Caravan writes, and what clients send to it: no value of another type is taken, as
   * Jackson otherwise does, no number for a text, no text for a number and no 1.9 for 1.
   */
  public static final ObjectMapper TYPED =
      builder()
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .withCoercionConfig(LogicalType.Textual, Json::refuseNumbers)
          .build();

  /** Refuses text that has anything after its JSON value. */
  public static final ObjectReader STRICT =
      MAPPER.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /**
   * Accepts Python's {@code NaN} and {@code Infinity}; its users drop values that are not finite.
   */
  public static final ObjectReader PYTHON =
      MAPPER.reader().with(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS);

  private Json() {}

  private static JsonMapper.Builder builder() {
    return JsonMapper.builder()
        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
        .addModules(new Jdk8Module(), new JsonTimes());
  }

  private static void refuseNumbers(MutableCoercionConfig texts) {
    texts
        .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
  }

  /** The value as the bytes of an indented JSON file that ends in a newline. */
  public static byte[] file(Object value) {
    return (text(value) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** The value as indented JSON text. */
  public static String text(Object value) {
    try {
      return MAPPER.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot be written as JSON: " + value.getClass(), e);
    }
  }

  /** The value as JSON on one line. */
  public static String line(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot be written as JSON: " + value.getClass(), e);
    }
  }

  /**
   * Reads a value from JSON text.
   *
   * @throws IllegalArgumentException if the text is not JSON of that type
   */
  public static <T> T read(String text, Class<T> type) {
    T value;
    try {
      value = TYPED.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "not a " + type.getSimpleName() + ": " + e.getOriginalMessage(), e);
    }
    if (value == null) {
      throw new IllegalArgumentException("not a " + type.getSimpleName() + ": null");
    }
    return value;
  }

  /**
   * Reads a value from a JSON file.
   *
   * @throws DamagedFileException if it holds something else, as opposed to: cannot be read
   */
  public static <T> T read(Path file, Class<T> type) throws IOException {
    byte[] bytes = RegularFiles.read(file);
    try {
      T value = TYPED.readValue(bytes, type);
      if (value == null) {
        throw new DamagedFileException(file.toString(), "not a " + type.getSimpleName() + ": null");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw damaged(file, e.getOriginalMessage(), e);
    } catch (CharConversionException e) { // of bytes that are text in no encoding
      throw damaged(file, e.getMessage(), e);
    }
  }

  /**
   * Reads a JSON file that a listing named; empty if it is gone: another process, such as the
   * daemon, may delete its files at any time, which is no damage.
   *
   * @throws DamagedFileException if it holds something else
   */
  public static <T> Optional<T> readListed(Path file, Class<T> type) throws IOException {
    try {
      return Optional.of(read(file, type));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static DamagedFileException damaged(Path file, String why, IOException cause) {
    return new DamagedFileException(file.getFileName() + " is damaged: " + why, cause);
  }
}
