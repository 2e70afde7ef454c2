package dev.caravan.pipeline.outcome;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Looks at the bytes of a results.csv. */
final class CsvText {

  private CsvText() {}

  static String text(byte[] csv) {
    return new String(csv, StandardCharsets.UTF_8);
  }

  /** What Caravan reads from these bytes in a file of this folder. */
  static ResultsCsv.Table read(Path folder, byte[] csv) throws IOException {
    return ResultsCsv.read(Files.write(folder.resolve("results.csv"), csv)).orElseThrow();
  }

  /** The cells of the only row by column, read by an independent parser. */
  static Map<String, String> onlyRow(byte[] csv) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (char c : text(csv).toCharArray()) {
      if (c == '"') {
        if (!quoted && cell.length() > 0 && cell.charAt(cell.length() - 1) == '\0') {
          cell.setLength(cell.length() - 1);
          cell.append('"');
        }
        quoted = !quoted;
        if (!quoted) {
          cell.append('\0');
        }
      } else if (!quoted && (c == ',' || c == '\n')) {
        cells.add(cell.toString().replace("\0", ""));
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    Map<String, String> byColumn = new LinkedHashMap<>();
    int columns = cells.size() / 2;
    for (int i = 0; i < columns; i++) {
      byColumn.put(cells.get(i), cells.get(columns + i));
    }
    return byColumn;
  }
}
