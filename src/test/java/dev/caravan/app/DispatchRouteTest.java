package dev.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.model.Batch;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.Test;

class DispatchRouteTest extends RouteTest {

  private static final String TWO_TARGETS =
      RunsRoute.CONFIG + "sweeps: {url: ['http://x', 'http://y'], concurrency: [1, 2]}\n";

  private Batch unfinished;

  @Override
  List<String> files() {
    return List.of("dispatch", "resume");
  }

  @Override
  List<String> mocked() {
    return List.of();
  }

  @Override
  Map<String, String> queues() {
    return Map.of("caravan.queue.runs", "mock:runs");
  }

  @Override
  Map<String, String> environment() {
    return Map.of("CARAVAN_WORKERS", "2");
  }

  @Override
  void before() throws Exception {
    unfinished = accept(TWO_TARGETS);
  }

  @Test
  void sendsEachRunOfAnUnfinishedBatchAsOneMessage() {
    // then
    assertThat(orders(2))
        .containsExactly(
            RunOrder.execute(unfinished.run(0).id(), unfinished.folder().toString(), 0),
            RunOrder.execute(unfinished.run(2).id(), unfinished.folder().toString(), 2));
  }

  @Test
  void sendsTheNextRunOnRequest() throws Exception {
    // given
    RunOrder first = orders(2).get(0);
    components.dispatch().recorded(RunReport.on(first, Kind.ENDED, ""));
    // when
    template.sendBody("direct:dispatch-release", "");
    // then
    assertThat(orders(3).get(2).runIndex()).isEqualTo(1);
  }

  @Test
  void releasesRunsAtAFixedInterval() throws Exception {
    for (int sent = 2; sent < 4; sent++) {
      // given
      RunOrder last = orders(sent).get(sent - 2);
      // when
      components.dispatch().recorded(RunReport.on(last, Kind.ENDED, ""));
      // then
      assertThat(orders(sent + 1)).hasSize(sent + 1);
    }
  }

  @Test
  void holdsRunsWhileThereIsNoAiperfAndResumesByItself() throws Exception {
    // given
    RunOrder first = orders(2).get(0);
    Path aiperf = home.root().resolve("bin/aiperf");
    Files.setPosixFilePermissions(aiperf, PosixFilePermissions.fromString("rw-r--r--"));
    // when
    components.dispatch().recorded(RunReport.on(first, Kind.ENDED, ""));
    template.sendBody("direct:dispatch-release", "");
    // then
    assertThat(orders(2)).hasSize(2);
    Files.setPosixFilePermissions(aiperf, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(orders(3)).hasSize(3);
  }

  /** Waits for this many orders and returns all sent so far. */
  private List<RunOrder> orders(int count) {
    MockEndpoint runs = getMockEndpoint("mock:runs");
    await().until(() -> runs.getReceivedCounter() >= count);
    return runs.getExchanges().stream().map(exchange -> body(exchange, RunOrder.class)).toList();
  }
}
