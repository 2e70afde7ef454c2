package dev.caravan.pipeline.environment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceMetricsTest {

  @Test
  void addsUpTheRequestsOfAllEngines() {
    // given
    String page =
        """
        # HELP vllm:num_requests_running Requests.
        # TYPE vllm:num_requests_running gauge
        vllm:num_requests_running{engine="0",model_name="a } b"} 2.0
        vllm:num_requests_running{engine="1",model_name="a } b"} 1.0 1764327600000
        vllm:num_requests_waiting{engine="0",model_name="a } b"} 4
        vllm:num_requests_waiting_by_reason{engine="0"} 100
        process_start_time_seconds 1.7643276e+09
        """;
    // when
    ServiceMetrics metrics = ServiceMetrics.read(page);
    // then
    assertThat(metrics.inProgress()).hasValue(7);
    assertThat(metrics.processStart()).hasValue(1_764_327_600);
  }

  @ParameterizedTest
  @CsvSource({
    "sglang:num_running_reqs, sglang:num_queue_reqs",
    "llamacpp:requests_processing, llamacpp:requests_deferred",
    "tgi_batch_current_size, tgi_queue_size",
  })
  void knowsTheNamesOfEveryEngine(String running, String waiting) {
    // given
    String page = "# TYPE %1$s gauge\n%1$s 4\n# TYPE %2$s gauge\n%2$s 1\n";
    // then
    assertThat(ServiceMetrics.read(page.formatted(running, waiting)).inProgress()).hasValue(5);
  }

  @Test
  void knowsNothingOfWhatItIsNotTold() {
    for (String page :
        new String[] {"", "<html>", "vllm:num_requests_waiting 3", "process_start", "a{b 1\n} 2"}) {
      assertThat(ServiceMetrics.read(page).inProgress()).as(page).isEmpty();
      assertThat(ServiceMetrics.read(page).processStart()).as(page).isEmpty();
    }
    assertThat(ServiceMetrics.read("sglang:num_running_reqs NaN").inProgress()).hasValue(0);
    assertThat(ServiceMetrics.read("sglang:num_running_reqs{").inProgress()).hasValue(0);
  }
}
