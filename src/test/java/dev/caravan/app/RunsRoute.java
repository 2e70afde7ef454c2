package dev.caravan.app;

import static org.awaitility.Awaitility.await;

import dev.caravan.pipeline.run.RunReport;
import java.time.Duration;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.component.mock.MockEndpoint;

/** The route of runs in tests: its files, a config of a run, and the reports that it sends. */
final class RunsRoute {

  static final List<String> FILES = List.of("runs", "probe", "dead-letters");

  static final String CONFIG =
      """
      readiness: {preflight: false}
      base_config:
        model: fake-ok
        url: http://127.0.0.1:9
        health_check_endpoint: none
        warmup_request_count: 1
        benchmark_duration: 1
        concurrency: 2
      """;

  private RunsRoute() {}

  /** Waits for this many reports, and that no further one follows. */
  static List<RunReport> reports(CamelContext context, int count) {
    MockEndpoint recorded = context.getEndpoint("mock:recorded", MockEndpoint.class);
    await().until(() -> recorded.getReceivedCounter() >= count);
    await().during(Duration.ofMillis(150)).until(() -> recorded.getReceivedCounter() == count);
    return recorded.getExchanges().stream()
        .map(exchange -> RouteTest.body(exchange, RunReport.class))
        .toList();
  }
}
