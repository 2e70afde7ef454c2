package dev.caravan.observe.report;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;

/** Writes numbers with six significant digits, and absent ones as null. */
final class JsonNumbers {

  private static final MathContext DIGITS = new MathContext(6);

  private final JsonGenerator json;

  JsonNumbers(JsonGenerator json) {
    this.json = json;
  }

  /** The generator that it writes to. */
  JsonGenerator json() {
    return json;
  }

  void write(String name, double[] values) throws IOException {
    json.writeFieldName(name);
    write(values);
  }

  void write(String name, int[] values) throws IOException {
    write(name, Arrays.stream(values).asDoubleStream().toArray());
  }

  void write(double[] values) throws IOException {
    json.writeStartArray();
    for (double value : values) {
      write(value);
    }
    json.writeEndArray();
  }

  void write(double value) throws IOException {
    if (!Double.isFinite(value)) {
      json.writeNull();
    } else if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      json.writeNumber((long) value);
    } else {
      json.writeNumber(BigDecimal.valueOf(value).round(DIGITS));
    }
  }
}
