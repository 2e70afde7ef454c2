package dev.caravan.pipeline.outcome;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.caravan.storage.Json;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Writes and reads the cells of a CSV file that is safe to open in a spreadsheet. A spreadsheet
 * runs text that starts with one of {@code = + - @}, a tab or a carriage return as a formula; OWASP
 * ("CSV Injection") advises a leading apostrophe. Reading removes it. Text that already has an
 * apostrophe before such a character gets another one, so that it reads back unchanged.
 */
public final class CsvCells {

  private static final Pattern FORMULA = Pattern.compile("'*[=+\\-@\t\r].*", Pattern.DOTALL);
  private static final Pattern ESCAPED_FORMULA =
      Pattern.compile("'+[=+\\-@\t\r].*", Pattern.DOTALL);
  private static final Pattern NUMBER = Pattern.compile("[+-]?\\d+(\\.\\d+)?([eE][+-]?\\d+)?");

  private CsvCells() {}

  /** Joins cells into a line, quoted where RFC 4180 requires it, with a final line feed. */
  public static String line(List<String> cells) {
    return cells.stream().map(CsvCells::quoted).collect(Collectors.joining(",", "", "\n"));
  }

  private static String quoted(String cell) {
    boolean plain = cell.chars().allMatch(c -> c != '"' && c != ',' && c != '\r' && c != '\n');
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }

  /** The cell for a text, escaped if a spreadsheet would take it for a formula. */
  public static String text(String text) {
    boolean harmless = !FORMULA.matcher(text).matches() || NUMBER.matcher(text).matches();
    return harmless ? text : "'" + text;
  }

  /** The cell for a sweep value; lists and maps are written as JSON. */
  static String value(Object value) {
    if (value instanceof Double number) {
      return number(OptionalDouble.of(number));
    }
    boolean nested = value instanceof Collection<?> || value instanceof Map<?, ?>;
    return text(nested ? json(value) : String.valueOf(value));
  }

  /** The cell for a number: plain decimal with all digits and no exponent; empty when absent. */
  public static String number(OptionalDouble value) {
    if (value.isEmpty()) {
      return "";
    }
    double number = value.getAsDouble();
    boolean whole = number == Math.rint(number) && Math.abs(number) < 1e15;
    return whole ? Long.toString((long) number) : BigDecimal.valueOf(number).toPlainString();
  }

  static OptionalDouble number(String cell) {
    return cell.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(cell));
  }

  /** The text that was written to this cell. */
  static String unescape(String cell) {
    return ESCAPED_FORMULA.matcher(cell).matches() ? cell.substring(1) : cell;
  }

  private static String json(Object value) {
    try {
      return Json.MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot write a sweep value as JSON", e);
    }
  }
}
