package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Outcome;
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
        "dataset_too_slow | FAILED | crashed"
      })
  void judgesTheFilesOfARealAiperf(String recording, Outcome outcome, String cause) {
    // when
    Verdict verdict = judge(recording, READY);
    // then
    assertThat(verdict.outcome()).isEqualTo(outcome);
    assertThat(verdict.cause()).isEqualTo(cause);
    assertThat(verdict.reasons().isEmpty()).isEqualTo(outcome == Outcome.SUCCEEDED);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "half_failed | 44 of 88 requests failed: 500 Internal Server Error (44×)",
        "interrupted | cut short: the summary covers only the time until then",
        "bad_flag | aiperf exited 1: Unknown option: --no-such-flag. Did you mean --search-sla?",
        "unauthorized | aiperf exited 1: all 2 requests failed: 401 Unauthorized (2×)",
        "target_hangs | aiperf exited 1: none of 4 requests got a response before the phase ended",
        "refused | aiperf exited 1: all 2 requests failed: connection refused (2×)",
        "target_died | aiperf exited 0: 993 of 1,013 requests failed:"
            + " connection refused (992×), server disconnected (1×)",
        "killed | aiperf was killed by signal 9 (SIGKILL);"
            + " if nobody sent it, check the kernel log for an out-of-memory kill",
        "degraded_export | aiperf exited 1 though it wrote a summary: DEGRADED: 1 result"
            + " producer(s) died before reporting; the metrics above are computed from the"
            + " surviving producers only.",
        "tokenizer_folder_missing | aiperf exited 1: Failed to load tokenizer '/nonexistent/tok':"
            + " OSError: Repo id must be in the form 'repo_name' or 'namespace/repo_name':"
            + " '/nonexistent/tok'. Use `repo_type` argument if needed."
      })
  void givesTheMostImportantReasonFirst(String recording, String headline) {
    assertThat(judge(recording, READY).reasons().get(0)).isEqualTo(headline);
  }

  @Test
  void repeatsTheMessageOfTheTarget() {
    assertThat(judge("model_not_served", READY).reasons())
        .contains("404 Not Found: The model `nope` does not exist. (2×)");
    assertThat(judge("half_failed", READY).reasons())
        .contains("500 Internal Server Error: CUDA out of memory (44×)");
  }

  @ParameterizedTest
  @CsvSource({"half_failed", "all_failed_500", "target_hangs"})
  void givesTargetLostWhenRequestsFailedAndTheTargetIsNotReady(String recording) {
    // when
    Verdict verdict = judge(recording, NOT_READY);
    // then
    assertThat(verdict.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(verdict.cause()).isEqualTo("target_lost");
    assertThat(verdict.reasons())
        .contains("the target was lost: it was not ready right after the run");
  }

  @ParameterizedTest
  @CsvSource({"unauthorized", "endpoint_not_found", "model_not_served"})
  void prefersTheTargetsOwnErrorToTheProbe(String recording) {
    assertThat(judge(recording, NOT_READY).cause()).isNotEqualTo("target_lost");
  }

  @ParameterizedTest
  @CsvSource({"succeeded, 0", "half_failed, 1", "bad_flag, 0", "all_failed_500, 1", "killed, 0"})
  void probesTheTargetOnceAndOnlyWhenRequestsFailed(String recording, int times) {
    // given
    AtomicInteger probes = new AtomicInteger();
    // when
    judge(recording, () -> probes.incrementAndGet() > 0);
    // then
    assertThat(probes).hasValue(times);
  }

  private static Verdict judge(String recording, BooleanSupplier ready) {
    return new Judge().judge(Recording.folder(recording), Recording.exit(recording), ready);
  }
}
