package dev.caravan.pipeline.outcome;

import dev.caravan.model.Outcome;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.storage.Json;
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
 * and {@code stderr} are the fields of {@code run_aiperf.py}; Caravan's own fields come first, so
 * that a reader can stop before the output.
 *
 * @param head how the attempt ended
 * @param executed the argv that was executed; empty when aiperf never ran
 * @param args the equivalent {@code aiperf profile …} command, with an API key as {@code $NAME}
 * @param returnCodes how the process ended
 * @param stdout the end of standard output
 * @param stderr the end of standard error
 */
public record ProcessResult(
    Head head,
    List<String> executed,
    List<String> args,
    ReturnCodes returnCodes,
    String stdout,
    String stderr) {

  /** Version of Caravan's own fields. */
  public static final int SCHEMA = 1;

  /** The JSON keeps at most this much of each output; the log files have all of it. */
  static final int MAX_OUTPUT_BYTES = 1 << 20;

  public ProcessResult {
    executed = List.copyOf(executed);
    args = List.copyOf(args);
  }

  /**
   * How an attempt ended: the part of the result that other code needs.
   *
   * @param status the outcome
   * @param cause the cause of a failure, such as {@code target_lost}; empty when there is none
   * @param reasons what happened, most important first
   * @param attempt from 1
   * @param isFinal whether this is the run's last attempt; {@code final} in the file
   * @param nextAttemptAt when the next attempt is due; empty when there is none or it is not known
   * @param startedAt wall clock
   * @param endedAt wall clock
   * @param duration by the monotonic clock
   * @param aiperfVersion empty when unknown
   * @param checks what the checks found
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
      String aiperfVersion,
      CheckResults checks) {

    public Head {
      reasons = List.copyOf(reasons);
    }

    /** Of an attempt that was not checked. */
    public Head(
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
      this(
          status,
          cause,
          reasons,
          attempt,
          isFinal,
          nextAttemptAt,
          startedAt,
          endedAt,
          duration,
          aiperfVersion,
          CheckResults.NONE);
    }
  }

  /** The result of an attempt, with the end of the output in its folder. */
  public static ProcessResult of(
      RunFolder folder,
      Head head,
      List<String> executed,
      List<String> args,
      ReturnCodes returnCodes) {
    return new ProcessResult(
        head,
        executed,
        args,
        returnCodes,
        FileTail.of(folder.stdout(), MAX_OUTPUT_BYTES).withNote(RunFolder.STDOUT),
        FileTail.of(folder.stderr(), MAX_OUTPUT_BYTES).withNote(RunFolder.STDERR));
  }

  /**
   * Reads how an attempt ended; stops before the output.
   *
   * @param file a {@code process_result.json}
   * @return empty when it is absent, truncated or not written by Caravan
   */
  public static Optional<Head> head(Path file) {
    return ResultHeadReader.read(file);
  }

  /** The file content. */
  public byte[] json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("schema", SCHEMA);
    json.put("status", head.status().value());
    json.put("cause", head.cause());
    json.put("reasons", head.reasons());
    CheckJson.write(head.checks(), json);
    json.put("attempt", head.attempt());
    json.put("final", head.isFinal());
    json.put("next_attempt_at", head.nextAttemptAt().map(ResultJson::time).orElse(null));
    json.put("started_at", ResultJson.time(head.startedAt()));
    json.put("ended_at", ResultJson.time(head.endedAt()));
    json.put("duration_seconds", ResultJson.seconds(head.duration()));
    json.put("aiperf_version", head.aiperfVersion());
    json.put("executed", executed);
    json.put("executed_returncode", orNull(returnCodes.executed()));
    json.put("args", args);
    json.put("returncode", orNull(returnCodes.recorded()));
    json.put("stdout", stdout);
    json.put("stderr", stderr);
    return Json.file(json);
  }

  private static Integer orNull(OptionalInt code) {
    return code.isPresent() ? code.getAsInt() : null;
  }
}
