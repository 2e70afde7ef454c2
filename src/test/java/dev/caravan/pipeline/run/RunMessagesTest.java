package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.storage.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunMessagesTest {

  private static final RunOrder ORDER = RunOrder.execute("b/t/concurrency1", "/home/b/t", 3);

  @Test
  void readsBackAnOrder() {
    assertThat(Json.read(Json.text(ORDER), RunOrder.class)).isEqualTo(ORDER);
    assertThat(ORDER.requestedEnding()).isEmpty();
    assertThat(Json.text(ORDER)).contains("\"run_index\" : 3").doesNotContain("ending");
  }

  @Test
  void readsBackAnOrderToEndARun() {
    // given
    RunOrder.Ending how = new RunOrder.Ending("unhealthy", "", "not ready for 1h: \"ü\"\n");
    // when
    RunOrder read = Json.read(Json.text(ORDER.withEnding(how)), RunOrder.class);
    // then
    assertThat(read.requestedEnding()).contains(how);
    assertThat(read.runIndex()).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource
  void readsBackAReport(Kind kind) {
    // given
    RunReport report = RunReport.on(ORDER, kind, "why: \"ü\"");
    // then
    assertThat(Json.read(Json.text(report), RunReport.class)).isEqualTo(report);
    assertThat(report.runId()).isEqualTo(ORDER.runId());
    assertThat(report.batchFolder()).isEqualTo(ORDER.batchFolder());
    assertThat(report.runIndex()).isEqualTo(3);
  }

  @Test
  void ignoresFieldsOfLaterVersions() {
    // given
    String later = Json.text(ORDER).replaceFirst("\\{", "{\"priority\": 5, ");
    // then
    assertThat(Json.read(later, RunOrder.class)).isEqualTo(ORDER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "{",
        "[]",
        "3",
        "\"text\"",
        "{}",
        "{\"schema\": 2, \"run_id\": \"r\", \"batch_folder\": \"/b\", \"run_index\": 0}",
        "{\"schema\": 1, \"batch_folder\": \"/b\", \"run_index\": 0}",
        "{\"schema\": 1, \"run_id\": \"r\", \"run_index\": 0}",
        "{\"schema\": 1, \"run_id\": \"r\", \"batch_folder\": \"/b\", \"run_index\": \"first\"}",
        "{\"schema\": 1, \"run_id\": {}, \"batch_folder\": \"/b\", \"run_index\": 0}"
      })
  void refusesWhatIsNotAnOrder(String json) {
    assertThatThrownBy(() -> Json.read(json, RunOrder.class))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "{\"schema\": 1}",
        "{\"schema\": 2, \"kind\": \"ENDED\", \"run_id\": \"r\", \"batch_folder\": \"/b\"}",
        "{\"schema\": 1, \"kind\": \"ENDED\", \"run_id\": \"r\"}",
        "{\"schema\": 1, \"kind\": \"ENDED\", \"batch_folder\": \"/b\"}",
        "{\"schema\": 1, \"kind\": \"EXPLODED\", \"run_id\": \"r\", \"batch_folder\": \"/b\"}"
      })
  void refusesWhatIsNotAReport(String json) {
    assertThatThrownBy(() -> Json.read(json, RunReport.class))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
