package dev.caravan.web;

import dev.caravan.batch.Run;
import dev.caravan.result.Plain;
import dev.caravan.result.RunFolder;
import dev.caravan.result.Tail;
import dev.caravan.run.RunGauge;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The newest error of a run that goes on. */
final class RunErrors {

  private static final int LOOKED_AT = 256 << 10;
  private static final int WORDS = 300;
  private static final Pattern MESSAGE =
      Pattern.compile("\"error\":\\s*\\{.*?\"message\":\\s*\"((?:[^\"\\\\]|\\\\.){0,2000})");

  private RunErrors() {}

  static String newest(Run run, RunGauge.Reading now) {
    if (now.errors() == 0) {
      return "";
    }
    List<String> lines =
        Tail.of(new RunFolder(run.folder()).requests(), LOOKED_AT).text().lines().toList();
    for (int at = lines.size() - 1; at >= 0; at--) {
      Matcher message = MESSAGE.matcher(lines.get(at));
      if (message.find()) {
        return Plain.line(message.group(1).replace("\\\"", "\""), WORDS);
      }
    }
    return "";
  }
}
