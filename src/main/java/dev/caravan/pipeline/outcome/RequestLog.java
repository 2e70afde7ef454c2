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
 * The requests of a run counted from {@code profile_export.jsonl}, line by line in bounded memory.
 * Only the measured phase counts; the warm-up does when there is no other. A torn or overlong line
 * is passed over.
 */
public final class RequestLog {

  /** Read at most this much: about 250,000 failed requests. */
  private static final long MOST_BYTES = 256L << 20;

  private static final int LONGEST_LINE = 1 << 20;

  private static final ObjectReader LINE = ResultJson.MAPPER.readerFor(Line.class);

  /** What is read of a line. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Line(Metadata metadata, RequestError.Details error) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Metadata(@JsonProperty("benchmark_phase") String phase) {}

  /** Requests of one phase. */
  private static final class Tally {
    private long succeeded;
    private final RequestErrors errors = new RequestErrors();

    /** Failures repeat; reading their words is what costs. */
    private final Map<RequestError.Details, RequestError> known = new HashMap<>();

    void add(Line line) {
      if (line.error() == null) {
        succeeded++;
      } else {
        errors.add(read(line.error()), 1);
      }
    }

    private RequestError read(RequestError.Details details) {
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
  private boolean whole = true;

  private RequestLog() {}

  /** Counts the requests in {@code file}; none when there is no such file. */
  static RequestLog read(Path file) {
    return read(file, MOST_BYTES);
  }

  /** The same, but of the first {@code most} bytes and what was read along with them only. */
  public static RequestLog read(Path file, long most) {
    RequestLog log = new RequestLog();
    if (Files.isRegularFile(file)) {
      try (InputStream in = Files.newInputStream(file)) {
        log.readLines(in, most);
      } catch (IOException e) {
        log.whole = false; // what was read up to here is evidence still
      }
    }
    return log;
  }

  /** Requests that were answered well. */
  long succeeded() {
    return counting().succeeded;
  }

  /** Requests that failed, by what they said. */
  RequestErrors errors() {
    return counting().errors;
  }

  /** Requests of the warm-up that have ended, well or not. */
  public long inWarmup() {
    return warmup.total();
  }

  /** Requests of the measured phase that have ended, well or not. */
  public long inMeasuring() {
    return measured.total();
  }

  /** Whether nothing was measured, so that these are the warm-up's requests. */
  boolean onlyWarmup() {
    return measured.total() == 0 && warmup.total() > 0;
  }

  /** Whether the file was read to its end. */
  boolean whole() {
    return whole;
  }

  private Tally counting() {
    return onlyWarmup() ? warmup : measured;
  }

  private void readLines(InputStream in, long most) throws IOException {
    byte[] chunk = new byte[1 << 16];
    ByteArrayOutputStream line = new ByteArrayOutputStream(8192);
    long read = 0;
    for (int size = in.read(chunk); size >= 0; size = in.read(chunk)) {
      int from = 0;
      for (int i = 0; i < size; i++) {
        if (chunk[i] == '\n') {
          append(line, chunk, from, i);
          take(line.toByteArray());
          line.reset();
          from = i + 1;
        }
      }
      append(line, chunk, from, size);
      read += size;
      if (read > most) {
        whole = false;
        return;
      }
    }
    take(line.toByteArray());
  }

  /** Past the longest line its rest is dropped, so that it grows by one chunk more at most. */
  private static void append(ByteArrayOutputStream line, byte[] chunk, int from, int to) {
    if (line.size() <= LONGEST_LINE) {
      line.write(chunk, from, to - from);
    }
  }

  private void take(byte[] bytes) throws IOException {
    if (bytes.length == 0 || bytes.length > LONGEST_LINE) {
      return;
    }
    try {
      Line line = LINE.readValue(bytes);
      boolean isWarmup = line.metadata() != null && "warmup".equals(line.metadata().phase());
      (isWarmup ? warmup : measured).add(line);
    } catch (JsonProcessingException e) {
      whole = false; // a line torn by a kill, usually the last
    }
  }
}
