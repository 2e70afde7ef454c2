package dev.caravan.observe.http;

import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.pipeline.outcome.RequestTail;
import dev.caravan.pipeline.run.RunProgress;
import dev.caravan.storage.RunFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** Reads the latest requests and errors of a run in progress from the end of its request log. */
final class RunErrors {

  private static final int ERROR_TAIL_BYTES = 256 << 10;
  private static final int END_TAIL_BYTES = 32 << 10;
  private static final int MAX_LENGTH = 300;

  private RunErrors() {}

  /** How long ago the last request in the log completed, as text. */
  static String lastCompleted(Run run) {
    Path requests = new RunFolder(run.folder()).requests();
    return RequestTail.of(requests, END_TAIL_BYTES)
        .lastEnd()
        .map(RunErrors::ago)
        .orElse("No completed request yet");
  }

  private static String ago(Instant at) {
    return "Last completed request: "
        + DisplayTime.span(Duration.between(at, Instant.now()))
        + " ago";
  }

  /** The latest error message, with the run's key masked; empty when no request failed. */
  static String latest(Run run, RunProgress.Reading reading, LiveOutputMask liveOutputMask) {
    if (reading.errors() == 0) {
      return "";
    }
    Path requests = new RunFolder(run.folder()).requests();
    return RequestTail.of(requests, ERROR_TAIL_BYTES)
        .lastError()
        .map(message -> OneLine.line(liveOutputMask.mask(run, message), MAX_LENGTH))
        .orElse("");
  }
}
