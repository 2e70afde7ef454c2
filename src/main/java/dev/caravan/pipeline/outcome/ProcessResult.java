package dev.caravan.pipeline.outcome;

import dev.caravan.model.Outcome;
import dev.caravan.pipeline.process.ProcessExit;
import dev.caravan.storage.RunFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The content of {@code process_result.json}. Its {@code args}, {@code returncode}, {@code stdout}
 * and {@code stderr} are those that {@code run_aiperf.py} wrote; what it did not have comes first,
 * so that a reader can stop before the output.
 *
 * @param head how the attempt ended
 * @param executed the argv really run; empty when aiperf never ran
 * @param args the equivalent {@code aiperf profile …} command, a key as {@code $NAME}
 * @param returnCode as Python gives it; empty when aiperf never ran
 * @param stdout the end of its standard output
 * @param stderr the end of its standard error
 */
public record ProcessResult(
    Head head,
    List<String> executed,
    List<String> args,
    OptionalInt returnCode,
    String stdout,
    String stderr) {

  /** Version of the fields that are ours. */
  public static final int SCHEMA = 1;

  /** At most this many bytes of each output are kept in the JSON; the log files have the rest. */
  static final int OUTPUT = 1 << 20;

  public ProcessResult {
    executed = List.copyOf(executed);
    args = List.copyOf(args);
  }

  /**
   * How an attempt ended: all that others need to know of it.
   *
   * @param status its outcome
   * @param cause class of its failure as a word; empty when there is none
   * @param reasons what happened, most telling first
   * @param attempt from 1
   * @param isFinal whether the run is done with this attempt; {@code final} in the file
   * @param nextAttemptAt when the next attempt is due; empty when there will be none or none is set
   * @param startedAt wall clock
   * @param endedAt wall clock
   * @param duration by the monotonic clock
   * @param aiperfVersion empty when it is not known
   */
  public record Head(
      Outcome status,
      String cause,
      List<String> reasons,
      int attempt,
      boolean isFinal,
      Optional<OffsetDateTime> nextAttemptAt,
      OffsetDateTime startedAt,
      OffsetDateTime endedAt,
      Duration duration,
      String aiperfVersion) {

    public Head {
      reasons = List.copyOf(reasons);
    }
  }

  /** The result of an attempt whose output lies in its folder; takes the end of it. */
  public static ProcessResult of(
      RunFolder folder,
      Head head,
      List<String> executed,
      List<String> args,
      OptionalInt returnCode) {
    return new ProcessResult(
        head,
        executed,
        args,
        returnCode,
        FileTail.of(folder.stdout(), OUTPUT).noted(RunFolder.STDOUT),
        FileTail.of(folder.stderr(), OUTPUT).noted(RunFolder.STDERR));
  }

  /** The return code of a process; empty when it could not be started. */
  public static OptionalInt returnCode(ProcessExit ended) {
    return ended.how() == ProcessExit.How.NOT_STARTED
        ? OptionalInt.empty()
        : OptionalInt.of(ended.returnCode());
  }

  /**
   * Reads how an attempt ended, without its output: it stops where that begins.
   *
   * @param file a {@code process_result.json}
   * @return empty when it is absent, torn or not ours
   */
  public static Optional<Head> head(Path file) {
    return ResultHeadReader.read(file);
  }

  /** The file's bytes. */
  public byte[] json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("schema", SCHEMA);
    json.put("status", head.status().word());
    json.put("cause", head.cause());
    json.put("reasons", head.reasons());
    json.put("attempt", head.attempt());
    json.put("final", head.isFinal());
    json.put("next_attempt_at", head.nextAttemptAt().map(ResultJson::time).orElse(null));
    json.put("started_at", ResultJson.time(head.startedAt()));
    json.put("ended_at", ResultJson.time(head.endedAt()));
    json.put("duration_seconds", ResultJson.seconds(head.duration()));
    json.put("aiperf_version", head.aiperfVersion());
    json.put("executed", executed);
    json.put("args", args);
    json.put("returncode", returnCode.isPresent() ? returnCode.getAsInt() : null);
    json.put("stdout", stdout);
    json.put("stderr", stderr);
    return ResultJson.file(json);
  }
}
