package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Outcome;
import dev.caravan.pipeline.process.ProcessExit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Judges run folders of the real AIPerf 0.13.0. */
class JudgeRecordingsTest {

  private static final BooleanSupplier READY = () -> true;
  private static final BooleanSupplier NOT_READY = () -> false;

  @ParameterizedTest(name = "{0}: {1} {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "succeeded | SUCCEEDED | ''",
        "half_failed | DEGRADED | ''",
        "half_failed_after_warmup | DEGRADED | ''",
        "interrupted | DEGRADED | ''",
        "bad_flag | FAILED | rejected_config",
        "bad_value | FAILED | rejected_config",
        "unauthorized | FAILED | unauthorized",
        "forbidden | FAILED | unauthorized",
        "model_not_served | FAILED | model_not_served",
        "model_not_served_400 | FAILED | model_not_served",
        "endpoint_not_found | FAILED | endpoint_not_found",
        "method_not_allowed | FAILED | endpoint_not_found",
        "tokenizer_folder_missing | FAILED | tokenizer_unavailable",
        "tokenizer_hub_unreachable | FAILED | tokenizer_unavailable",
        "tokenizer_download_failed | FAILED | tokenizer_unavailable",
        "all_failed_400 | FAILED | all_requests_failed",
        "all_failed_500 | FAILED | all_requests_failed",
        "empty_replies | FAILED | all_requests_failed",
        "target_hangs | FAILED | all_requests_failed",
        "degraded_export | FAILED | incomplete_export",
        "records_manager_died | FAILED | incomplete_export",
        "refused | FAILED | target_lost",
        "target_died | FAILED | target_lost",
        "killed | FAILED | crashed",
        "dataset_too_slow | FAILED | crashed",
        "server_wedges | DEGRADED | ''",
        "server_wedges_after_warmup | FAILED | all_requests_failed",
        "dataset_bom | FAILED | rejected_dataset",
        "dataset_cut_line | FAILED | rejected_dataset",
        "dataset_trailing_comma | FAILED | rejected_dataset",
        "dataset_array | FAILED | rejected_dataset",
        "dataset_empty | FAILED | rejected_dataset",
        "dataset_wrong_keys | FAILED | rejected_dataset"
      })
  void judgesTheFilesOfARealAiperf(String recording, Outcome outcome, String cause) {
    // when
    Judgment judgment = judge(recording, READY);
    // then
    assertThat(judgment.outcome()).isEqualTo(outcome);
    assertThat(judgment.cause()).isEqualTo(cause);
    assertThat(judgment.reasons().isEmpty()).isEqualTo(outcome == Outcome.SUCCEEDED);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "half_failed | 44 of 88 requests failed (50 %): 500 Internal Server Error: CUDA out of"
            + " memory (44×)",
        "server_wedges | 8 of 18 requests were cut off by the grace period",
        "server_wedges_after_warmup | aiperf exited 1: none of 4 requests got a response before the"
            + " phase ended",
        "dataset_bom | aiperf exited 1: line 1 of the dataset: No loader can handle the data"
            + " format. Please specify --custom-dataset-type explicitly.",
        "dataset_cut_line | aiperf exited 1: Invalid JSON in dataset file /data/cut.jsonl at line"
            + " 2: unexpected end of data: line 1 column 17 (char 16)",
        "dataset_trailing_comma | aiperf exited 1: Invalid JSON in dataset file /data/trail.jsonl"
            + " at line 2: trailing comma is not allowed: line 1 column 13 (char 12)",
        "dataset_array | aiperf exited 1: line 1 of the dataset: AttributeError: 'list' object has"
            + " no attribute 'get' (a JSON array, not one JSON object a line)",
        "dataset_empty | aiperf exited 1: the dataset has no line: AttributeError: 'NoneType' object"
            + " has no attribute 'lower'",
        "dataset_wrong_keys | aiperf exited 1: dataset: ValidationError: 1 validation error for"
            + " SingleTurn Value error, At least one modality must be provided [type=value_error,"
            + " input_value={'prompt': 'a'}, input_type=dict]",
        "interrupted | cut short: the summary covers only the time until then",
        "bad_flag | aiperf exited 1: Unknown option: --no-such-flag. Did you mean --search-sla?",
        "model_not_served | aiperf exited 1: all 2 requests failed: 404 Not Found: The model `nope`"
            + " does not exist. (2×)",
        "all_failed_500 | aiperf exited 1: all 2 requests failed: 500 Internal Server Error: CUDA"
            + " out of memory (2×)",
        "unauthorized | aiperf exited 1: all 2 requests failed: 401 Unauthorized: Incorrect API key"
            + " provided. (2×)",
        "target_hangs | aiperf exited 1: none of 4 requests got a response before the phase ended",
        "refused | aiperf exited 1: all 2 requests failed: connection refused (2×)",
        "target_died | aiperf exited 0: 993 of 1,013 requests failed (98 %):"
            + " connection refused (992×), server disconnected (1×)",
        "killed | aiperf was killed by signal 9 (SIGKILL);"
            + " if nobody sent it, check the kernel log for an out-of-memory kill",
        "degraded_export | aiperf exited 1 though it wrote a summary: DEGRADED: 1 result"
            + " producer(s) died before reporting; the metrics above are computed from the"
            + " surviving producers only.",
        "tokenizer_folder_missing | aiperf exited 1: Failed to load tokenizer '/nonexistent/tok'"
            + " (tokenizer: builtin, or the path of its folder, needs no model hub)"
            + ": OSError: Repo id must be in the form 'repo_name' or 'namespace/repo_name':"
            + " '/nonexistent/tok'. Use `repo_type` argument if needed."
      })
  void givesTheMostImportantReasonFirst(String recording, String headline) {
    assertThat(judge(recording, READY).reasons().get(0)).isEqualTo(headline);
  }

  @Test
  void repeatsTheMessageOfTheTarget() {
    assertThat(judge("model_not_served", READY).reasons())
        .first()
        .asString()
        .endsWith("404 Not Found: The model `nope` does not exist. (2×)");
  }

  @ParameterizedTest
  @CsvSource({
    "half_failed",
    "all_failed_500",
    "target_hangs",
    "server_wedges",
    "server_wedges_after_warmup"
  })
  void givesTargetLostWhenRequestsFailedAndTheTargetIsNotReady(String recording) {
    // when
    Judgment judgment = judge(recording, NOT_READY);
    // then
    assertThat(judgment.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(judgment.cause()).isEqualTo("target_lost");
    assertThat(judgment.reasons())
        .anyMatch(r -> r.endsWith("the target was lost: it was not ready right after the run"));
  }

  @ParameterizedTest
  @CsvSource({"unauthorized", "endpoint_not_found", "model_not_served"})
  void prefersTheTargetsOwnErrorToTheProbe(String recording) {
    assertThat(judge(recording, NOT_READY).cause()).isNotEqualTo("target_lost");
  }

  @ParameterizedTest
  @CsvSource({
    "succeeded, 0",
    "half_failed, 1",
    "bad_flag, 0",
    "all_failed_500, 1",
    "killed, 0",
    "server_wedges, 1"
  })
  void probesTheTargetOnceAndOnlyWhenRequestsFailed(String recording, int times) {
    // given
    AtomicInteger probes = new AtomicInteger();
    // when
    judge(recording, () -> probes.incrementAndGet() > 0);
    // then
    assertThat(probes).hasValue(times);
  }

  @Test
  void quotesWhatAiperfWarnsOf() {
    assertThat(judge("server_wedges", READY).reasons())
        .contains(
            "aiperf warns: Output Sequence Length Mismatch Warning: 10 of 10 requests (100.0%) have"
                + " output length differing from requested by more than the threshold.")
        .anyMatch(r -> r.startsWith("aiperf warns: Token Count Discrepancy Warning: 10 of 10"));
  }

  @Test
  void namesTheServiceThatDiedWhenTheExportHangs() {
    // given
    ProcessExit exit = Recording.exit(ProcessExit.How.TIMED_OUT, -9, "timed out in the export");
    // when
    Judgment judgment = new Judge().judge(Recording.folder("records_manager_died"), exit, READY);
    // then
    assertThat(judgment.reasons())
        .startsWith(
            "timed out in the export",
            "aiperf's service records_manager died; check the kernel log for an out-of-memory kill");
  }

  private static Judgment judge(String recording, BooleanSupplier ready) {
    return new Judge().judge(Recording.folder(recording), Recording.exit(recording), ready);
  }
}
