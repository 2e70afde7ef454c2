package dev.caravan.pipeline.dispatch;

import static dev.caravan.testing.InMemoryBatches.batch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.storage.Json;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reports of a worker of another version, or of a program that is none. */
class OddReportsTest {

  private static final Duration YEARS = Duration.ofDays(4_000);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'kind': 'ENDED'",
        "'kind': 'ENDED', 'outcome': 'exploded', 'cause': null",
        "'kind': 'INTERNAL_ERROR', 'outcome': 'FAILED'",
        "'kind': 'RETRY'",
        "'kind': 'RETRY', 'cause': 'target_lost'",
        "'kind': 'RETRY', 'retry_after_millis': 9223372036854775807",
        "'kind': 'RETRY', 'retry_after_millis': 9223372036854775807, 'scope': 'BATCH'",
        "'kind': 'RETRY', 'retry_after_millis': -9223372036854775808",
        "'kind': 'NOT_READY'",
        "'kind': 'REFUSED'",
        "'kind': 'BUSY'",
        "'kind': 'STOPPED'"
      })
  void costNoRun(String fields) {
    // given
    DispatchHarness harness = new DispatchHarness(1).open(batch("a", 1, "concurrency: [1, 2]"));
    harness.release();
    String json = "{'schema': 1, 'run_id': 'x', 'batch_folder': '/x', 'run_index': 7, " + fields;
    RunReport odd = Json.read((json + "}").replace('\'', '"'), RunReport.class);

    // when
    harness.report(odd.forOrder(harness.order("a/concurrency1")));

    // then
    boolean isOver = Set.of(Kind.ENDED, Kind.INTERNAL_ERROR).contains(odd.kind());
    assertThat(harness.dispatch.status().toString()).isNotBlank();
    assertThat(harness.pass(YEARS).runToTheEnd())
        .containsExactlyInAnyOrderElementsOf(
            isOver ? List.of("a/concurrency2") : List.of("a/concurrency1", "a/concurrency2"));
  }
}
