package dev.caravan.pipeline.outcome.checks;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;

/** Writes a figure with three decimals; null for one that JSON cannot hold. */
final class Figure extends StdSerializer<Double> {

  private static final long serialVersionUID = 1;

  Figure() {
    super(Double.class);
  }

  @Override
  public void serialize(Double value, JsonGenerator json, SerializerProvider provider)
      throws IOException {
    if (Double.isFinite(value)) {
      json.writeNumber(Math.round(value * 1_000) / 1_000.0);
    } else {
      json.writeNull();
    }
  }
}
