package dev.caravan.pipeline.outcome;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.storage.Json;
import dev.caravan.storage.RunFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The content of {@code process_result.json}. Its {@code args}, {@code returncode}, {@code stdout}
 * and {@code stderr} are the fields of {@code run_aiperf.py}; Caravan's own fields come first, so
 * that a reader can stop before the output.
 *
 * @param head how the attempt ended
 * @param executed the argv that was executed; empty when aiperf never ran
 * @param hooks the hooks that the attempt has run
 * @param args the equivalent {@code aiperf profile …} command, with an API key as {@code $NAME}
 * @param returnCodes how the process ended
 * @param stdout the end of standard output
 * @param stderr the end of standard error
 */
@JsonPropertyOrder({
  "schema",
  "head",
  "executed",
  "executed_returncode",
  "hooks",
  "args",
  "returncode"
})
public record ProcessResult(
    @JsonUnwrapped Head head,
    List<String> executed,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<HookRun> hooks,
    List<String> args,
    @JsonIgnore ReturnCodes returnCodes,
    String stdout,
    String stderr) {

  /** Version of Caravan's own fields. */
  public static final int SCHEMA = 1;

  /** The JSON keeps at most this much of each output; the log files have all of it. */
  static final int MAX_OUTPUT_BYTES = 1 << 20;

  /** Of an attempt that has run no hooks. */
  public ProcessResult(
      Head head,
      List<String> executed,
      List<String> args,
      ReturnCodes returnCodes,
      String stdout,
      String stderr) {
    this(head, executed, List.of(), args, returnCodes, stdout, stderr);
  }

  public ProcessResult {
    executed = List.copyOf(executed);
    hooks = List.copyOf(hooks);
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
  @JsonPropertyOrder({"status", "cause", "reasons", "checks"})
  public record Head(
      Outcome status,
      String cause,
      List<String> reasons,
      int attempt,
      @JsonProperty("final") boolean isFinal,
      Optional<OffsetDateTime> nextAttemptAt,
      OffsetDateTime startedAt,
      OffsetDateTime endedAt,
      @JsonProperty("duration_seconds") Duration duration,
      String aiperfVersion,
      @JsonUnwrapped
          @JsonInclude(
              value = JsonInclude.Include.CUSTOM,
              valueFilter = CheckResults.NotChecked.class)
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
        HookRecord.of(folder.path(), head.attempt()).hooks(),
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

  @JsonProperty
  int schema() {
    return SCHEMA;
  }

  @JsonProperty
  OptionalInt executedReturncode() {
    return returnCodes.executed();
  }

  @JsonProperty
  OptionalInt returncode() {
    return returnCodes.recorded();
  }

  /** The file content. */
  public byte[] json() {
    return Json.file(this);
  }
}
