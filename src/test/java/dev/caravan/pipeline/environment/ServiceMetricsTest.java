package dev.caravan.pipeline.environment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

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
