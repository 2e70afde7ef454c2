package dev.caravan.pipeline.outcome;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.caravan.storage.Json;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts the requests of a run in {@code profile_export.jsonl}, line by line in bounded memory.
 * Only the measured phase counts, or the warm-up if nothing was measured. A truncated or overlong
 * line is skipped.
 */
public final class RequestLog {

  private static final int MAX_LINE = 1 << 20;

  private static final ObjectReader LINE = Json.PYTHON.forType(Line.class);

  /** The fields that are read from a line. */
  private record Line(Metadata metadata, RequestError.Details error) {}

  private record Metadata(String benchmarkPhase) {}

  /** Requests of one phase. */
  private static final class Tally {
    private long succeeded;
    private final RequestErrors errors = new RequestErrors();

    /** Failures repeat, and classifying them is expensive. */
    private final Map<RequestError.Details, RequestError> known = new HashMap<>();

    void add(Line line) {
      if (line.error() == null) {
        succeeded++;
      } else {
        errors.add(classified(line.error()), 1);
      }
    }

    private RequestError classified(RequestError.Details details) {
      if (known.size() > 1_000) {
        known.clear();
      }
      return known.computeIfAbsent(details, RequestError.Details::error);
    }

    long total() {
      return succeeded + errors.total();
    }
  }

  private final Tally measured = new Tally();
  private final Tally warmup = new Tally();
  private final String name;
  private boolean complete = true;
  private long unread;

  private RequestLog(Path file) {
    this.name = file.getFileName().toString();
  }

  /** Counts the requests in {@code file}; none when the file does not exist. */
  static RequestLog read(Path file) {
    return read(file, ReadLimits.OF_AN_ATTEMPT);
  }

  /** Counts the requests in about the first {@code maxBytes} bytes of {@code file}. */
  public static RequestLog read(Path file, long maxBytes) {
    return read(file, new ReadLimits(maxBytes, ReadLimits.OF_AN_ATTEMPT.time()));
  }

  static RequestLog read(Path file, ReadLimits limits) {
    RequestLog log = new RequestLog(file);
    log.unread = BoundedLines.read(file, limits, MAX_LINE, log::addLine);
    log.complete &= log.unread == 0;
    return log;
  }

  /** Successful requests. */
  long succeeded() {
    return counted().succeeded;
  }

  /** Failed requests by their errors. */
  RequestErrors errors() {
    return counted().errors;
  }

  /** Completed requests of the warm-up, successful or failed. */
  public long warmupRequests() {
    return warmup.total();
  }

  /** Completed requests of the measured phase, successful or failed. */
  public long measuredRequests() {
    return measured.total();
  }

  /** Whether nothing was measured, so that the counts are those of the warm-up. */
  boolean onlyWarmup() {
    return measured.total() == 0 && warmup.total() > 0;
  }

  /** Whether no request was logged. */
  boolean isEmpty() {
    return measured.total() + warmup.total() == 0;
  }

  /** Whether every line of the file was read. */
  boolean complete() {
    return complete;
  }

  /** What of the file was not read, as text; empty when all of it was. */
  String unread() {
    return unread == 0
        ? ""
        : "the last " + OneLine.count(unread) + " bytes of " + name + " were not read";
  }

  private Tally counted() {
    return onlyWarmup() ? warmup : measured;
  }

  private void addLine(byte[] bytes) throws IOException {
    try {
      Line line = LINE.readValue(bytes);
      boolean isWarmup =
          line.metadata() != null && "warmup".equals(line.metadata().benchmarkPhase());
      (isWarmup ? warmup : measured).add(line);
    } catch (JsonProcessingException | CharConversionException e) {
      complete = false; // a line truncated by a kill, usually the last
    }
  }
}
