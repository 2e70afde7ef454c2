package dev.caravan.observe.http;

import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.FileTail;
import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.pipeline.outcome.RunFolder;
import dev.caravan.pipeline.run.RunProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the end of a growing request log tells of a run that goes on. */
final class RunErrors {

  private static final int LOOKED_AT = 256 << 10;
  private static final int NEWEST = 32 << 10;
  private static final int WORDS = 300;
  private static final Pattern MESSAGE =
      Pattern.compile("\"error\":\\s*\\{.*?\"message\":\\s*\"((?:[^\"\\\\]|\\\\.){0,2000})");

  private static final Pattern END = Pattern.compile("\"request_end_ns\":\\s*(\\d{10,19})");

  private RunErrors() {}

  /** How long ago the last request ended of which aiperf told. */
  static String lastEnd(Run run) {
    String tail = FileTail.of(new RunFolder(run.folder()).requests(), NEWEST).text();
    long last = 0;
    for (Matcher end = END.matcher(tail); end.find(); ) {
      last = Math.max(last, Long.parseLong(end.group(1)));
    }
    if (last == 0) {
      return "No request has ended yet";
    }
    Instant at = Instant.ofEpochSecond(0, last);
    return "The last request that it told of ended "
        + DisplayTime.span(Duration.between(at, Instant.now()))
        + " ago";
  }

  /** The newest error text, without the run's key. */
  static String newest(Run run, RunProgress.Reading now, LiveOutputMask liveOutputMask) {
    if (now.errors() == 0) {
      return "";
    }
    List<String> lines =
        FileTail.of(new RunFolder(run.folder()).requests(), LOOKED_AT).text().lines().toList();
    for (int at = lines.size() - 1; at >= 0; at--) {
      Matcher message = MESSAGE.matcher(lines.get(at));
      if (message.find()) {
        return OneLine.line(
            liveOutputMask.over(run, message.group(1).replace("\\\"", "\"")), WORDS);
      }
    }
    return "";
  }
}
