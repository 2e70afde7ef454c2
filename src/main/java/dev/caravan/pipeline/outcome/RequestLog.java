package dev.caravan.pipeline.outcome;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts the requests of a run in {@code profile_export.jsonl}, line by line in bounded memory.
 * Only the measured phase counts, or the warm-up if nothing was measured. A truncated or overlong
 * line is skipped.
 */
public final class RequestLog {

  /** Limit of what is read: about 250,000 failed requests. */
  private static final long MAX_BYTES = 256L << 20;

  private static final int MAX_LINE = 1 << 20;

  private static final ObjectReader LINE = ResultJson.MAPPER.readerFor(Line.class);

  /** The fields that are read from a line. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Line(Metadata metadata, RequestError.Details error) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Metadata(@JsonProperty("benchmark_phase") String phase) {}

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
  private boolean complete = true;

  private RequestLog() {}

  /** Counts the requests in {@code file}; none when the file does not exist. */
  static RequestLog read(Path file) {
    return read(file, MAX_BYTES);
  }

  /** Counts the requests in about the first {@code maxBytes} bytes of {@code file}. */
  public static RequestLog read(Path file, long maxBytes) {
    RequestLog log = new RequestLog();
    if (Files.isRegularFile(file)) {
      try (InputStream in = Files.newInputStream(file)) {
        log.readLines(in, maxBytes);
      } catch (IOException e) {
        log.complete = false; // keep what was read up to here
      }
    }
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

  /** Whether every line of the file was read. */
  boolean complete() {
    return complete;
  }

  private Tally counted() {
    return onlyWarmup() ? warmup : measured;
  }

  private void readLines(InputStream in, long maxBytes) throws IOException {
    byte[] chunk = new byte[1 << 16];
    ByteArrayOutputStream line = new ByteArrayOutputStream(8192);
    long read = 0;
    for (int size = in.read(chunk); size >= 0; size = in.read(chunk)) {
      int from = 0;
      for (int i = 0; i < size; i++) {
        if (chunk[i] == '\n') {
          append(line, chunk, from, i);
          addLine(line.toByteArray());
          line.reset();
          from = i + 1;
        }
      }
      append(line, chunk, from, size);
      read += size;
      if (read > maxBytes) {
        complete = false;
        return;
      }
    }
    addLine(line.toByteArray());
  }

  /**
   * Drops the rest of an overlong line, so that the buffer outgrows the limit by one chunk at
   * maxBytes.
   */
  private static void append(ByteArrayOutputStream line, byte[] chunk, int from, int to) {
    if (line.size() <= MAX_LINE) {
      line.write(chunk, from, to - from);
    }
  }

  private void addLine(byte[] bytes) throws IOException {
    if (bytes.length == 0 || bytes.length > MAX_LINE) {
      return;
    }
    try {
      Line line = LINE.readValue(bytes);
      boolean isWarmup = line.metadata() != null && "warmup".equals(line.metadata().phase());
      (isWarmup ? warmup : measured).add(line);
    } catch (JsonProcessingException e) {
      complete = false; // a line truncated by a kill, usually the last
    }
  }
}
