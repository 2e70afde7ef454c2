package dev.caravan.observe.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.caravan.config.Parameters;
import dev.caravan.storage.Json;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Parameters in a canonical text form: equal parameters have equal texts, whatever program wrote
 * them.
 */
public final class ParameterTexts {

  /** Where the service is and how it is reached, which is not what is measured. */
  private static final Set<String> PLACES =
      Set.of("url", "api_key_env_var", "health_check_endpoint");

  private ParameterTexts() {}

  /** Key to text; options of aiperf under their own names. */
  public static Map<String, String> of(Parameters parameters) {
    Map<String, String> texts = new LinkedHashMap<>();
    put(texts, parameters.values());
    put(texts, parameters.options());
    texts.keySet().removeAll(PLACES);
    texts.remove(Parameters.OPTIONS);
    return texts;
  }

  private static void put(Map<String, String> texts, Map<String, Object> values) {
    values.forEach((key, value) -> texts.put(key, text(value)));
  }

  private static String text(Object value) {
    if (value instanceof Number number) {
      return number(number);
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> sorted = new TreeMap<>();
      map.forEach((key, each) -> sorted.put(String.valueOf(key), text(each)));
      return json(sorted);
    }
    return value instanceof List<?> list
        ? json(list.stream().map(ParameterTexts::text).toList())
        : String.valueOf(value);
  }

  /** Programs write the same number as 4, 4.0 or 4e0. */
  private static String number(Number number) {
    try {
      BigDecimal decimal = new BigDecimal(number.toString());
      return decimal.signum() == 0 ? "0" : decimal.stripTrailingZeros().toPlainString();
    } catch (NumberFormatException e) {
      return number.toString(); // not finite
    }
  }

  private static String json(Object value) {
    try {
      return Json.MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts cannot be written as JSON", e);
    }
  }
}
