package dev.caravan.storage;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times as RFC 3339 with offset and milliseconds, and durations in seconds. */
public final class JsonTimes extends SimpleModule {

  private static final long serialVersionUID = 1;

  private static final DateTimeFormatter RFC_3339 =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT);

  JsonTimes() {
    super("times");
    addSerializer(new Writer<>(OffsetDateTime.class, (at, json) -> json.writeString(text(at))));
    addSerializer(
        new Writer<>(Duration.class, (duration, json) -> json.writeNumber(seconds(duration))));
    addDeserializer(
        OffsetDateTime.class,
        new Reader<>(OffsetDateTime.class, json -> OffsetDateTime.parse(json.getValueAsString())));
    addDeserializer(
        Duration.class,
        new Reader<>(
            Duration.class, json -> Duration.ofMillis(Math.round(json.getValueAsDouble() * 1000))));
  }

  /**
   * A time as RFC 3339 with offset and three digits of the second, whatever they are: {@code
   * OffsetDateTime.toString} leaves out zeros, and such texts sort in another order than the times.
   */
  public static String text(OffsetDateTime time) {
    return RFC_3339.format(time);
  }

  /** A duration in seconds, to the millisecond. */
  public static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  private interface Write<T> {
    void write(T value, JsonGenerator json) throws IOException;
  }

  private interface Read<T> {
    T read(JsonParser json) throws IOException;
  }

  private static final class Writer<T> extends StdSerializer<T> {

    private static final long serialVersionUID = 1;

    private final transient Write<T> write;

    Writer(Class<T> type, Write<T> write) {
      super(type);
      this.write = write;
    }

    @Override
    public void serialize(T value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      write.write(value, json);
    }
  }

  private static final class Reader<T> extends StdDeserializer<T> {

    private static final long serialVersionUID = 1;

    private final transient Read<T> read;

    Reader(Class<T> type, Read<T> read) {
      super(type);
      this.read = read;
    }

    @Override
    public T deserialize(JsonParser json, DeserializationContext context) throws IOException {
      return read.read(json);
    }
  }
}
