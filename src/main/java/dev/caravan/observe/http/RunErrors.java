package dev.caravan.observe.http;

import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.FileTail;
import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.pipeline.run.RunProgress;
import dev.caravan.storage.RunFolder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the latest requests and errors of a run in progress from the end of its request log. */
final class RunErrors {

  private static final int ERROR_TAIL_BYTES = 256 << 10;
  private static final int END_TAIL_BYTES = 32 << 10;
  private static final int MAX_LENGTH = 300;
  private static final Pattern ERROR_MESSAGE =
      Pattern.compile("\"error\":\\s*\\{.*?\"message\":\\s*\"((?:[^\"\\\\]|\\\\.){0,2000})");

  private static final Pattern REQUEST_END = Pattern.compile("\"request_end_ns\":\\s*(\\d{10,19})");

  private RunErrors() {}

  /** How long ago the last request in the log completed, as text. */
  static String lastCompleted(Run run) {
    String tail = FileTail.of(new RunFolder(run.folder()).requests(), END_TAIL_BYTES).text();
    long last = 0;
    for (Matcher end = REQUEST_END.matcher(tail); end.find(); ) {
      last = Math.max(last, Long.parseLong(end.group(1)));
    }
    if (last == 0) {
      return "No completed request yet";
    }
    Instant at = Instant.ofEpochSecond(0, last);
    return "Last completed request: "
        + DisplayTime.span(Duration.between(at, Instant.now()))
        + " ago";
  }

  /** The latest error message, with the run's key masked; empty when no request failed. */
  static String latest(Run run, RunProgress.Reading reading, LiveOutputMask liveOutputMask) {
    if (reading.errors() == 0) {
      return "";
    }
    List<String> lines =
        FileTail.of(new RunFolder(run.folder()).requests(), ERROR_TAIL_BYTES)
            .text()
            .lines()
            .toList();
    for (int i = lines.size() - 1; i >= 0; i--) {
      Matcher message = ERROR_MESSAGE.matcher(lines.get(i));
      if (message.find()) {
        return OneLine.line(
            liveOutputMask.mask(run, message.group(1).replace("\\\"", "\"")), MAX_LENGTH);
      }
    }
    return "";
  }
}
