package dev.caravan.pipeline.outcome;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What stands in a cell of a table that people open in spreadsheets. A spreadsheet runs text that
 * starts with one of {@code = + - @}, a tab or a carriage return as a formula; OWASP ("CSV
 * Injection") advises a leading apostrophe. Reading takes it off again; text that already has one
 * before such a character gets another, so that nothing is lost.
 */
final class CsvCells {

  private static final Pattern FORMULA = Pattern.compile("'*[=+\\-@\t\r].*", Pattern.DOTALL);
  private static final Pattern MARKED = Pattern.compile("'+[=+\\-@\t\r].*", Pattern.DOTALL);
  private static final Pattern NUMBER = Pattern.compile("[+-]?\\d+(\\.\\d+)?([eE][+-]?\\d+)?");

  private CsvCells() {}

  /** A line of these cells, quoted where RFC 4180 asks for it, with its line feed. */
  static String line(List<String> cells) {
    return cells.stream().map(CsvCells::quoted).collect(Collectors.joining(",", "", "\n"));
  }

  private static String quoted(String cell) {
    boolean plain = cell.chars().allMatch(c -> c != '"' && c != ',' && c != '\r' && c != '\n');
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }

  static String text(String text) {
    boolean harmless = !FORMULA.matcher(text).matches() || NUMBER.matcher(text).matches();
    return harmless ? text : "'" + text;
  }

  /** A sweep value; lists and maps as JSON. */
  static String value(Object value) {
    if (value instanceof Double number) {
      return number(OptionalDouble.of(number));
    }
    boolean nested = value instanceof Collection<?> || value instanceof Map<?, ?>;
    return text(nested ? json(value) : String.valueOf(value));
  }

  /** A plain decimal number, all its digits, no exponent; empty when absent. */
  static String number(OptionalDouble value) {
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

  /** The text of a cell. */
  static String read(String cell) {
    return MARKED.matcher(cell).matches() ? cell.substring(1) : cell;
  }

  private static String json(Object value) {
    try {
      return ResultJson.MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON can be made of a sweep value", e);
    }
  }
}
