package dev.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.model.Batch;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.changes.PipelineListeners;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.Test;

class EventsRouteTest extends RouteTest {

  private static final String DELIVER = "direct:deliver";

  @Override
  List<String> files() {
    return List.of("receiver", "events");
  }

  @Override
  List<String> mocked() {
    return List.of("dead-letters-keep");
  }

  @Override
  Map<String, String> environment() {
    return Map.of("CARAVAN_EVENTS_TO", "mock:receiver");
  }

  @Override
  Map<String, String> replacedConsumers() {
    return Map.of("events-deliver", DELIVER);
  }

  @Test
  void deliversEachEventAsStructuredJson() throws Exception {
    // when
    Batch batch = accept(RunsRoute.CONFIG);
    deliverUntil(1);
    // then
    MockEndpoint receiver = getMockEndpoint("mock:receiver");
    assertThat(receiver.getReceivedExchanges().get(0).getMessage().getHeader("Content-Type"))
        .isEqualTo("application/cloudevents+json; charset=utf-8");
    assertThat(bodies()).singleElement().asString().contains(batch.id() + ":1:batch.accepted");
    // when
    template.sendBody(DELIVER, "");
    // then
    assertThat(bodies()).hasSize(1);
  }

  @Test
  void retriesAFailedEventBeforeTheNextOnes() throws Exception {
    // given
    Batch batch = accept(RunsRoute.CONFIG);
    PipelineListeners listeners = components.listeners();
    listeners.publish(new PipelineChange.Started(batch.run(0), 1));
    listeners.publish(new PipelineChange.Started(batch.run(0), 2));
    AtomicInteger calls = new AtomicInteger();
    getMockEndpoint("mock:receiver")
        .whenAnyExchangeReceived(
            exchange -> {
              if (calls.incrementAndGet() == 2) {
                throw new IllegalStateException("http://host/path-secret is out, for this test");
              }
            });
    // when
    deliverUntil(4);
    // then
    assertThat(bodies().get(1)).contains(":1:run.started").isEqualTo(bodies().get(2));
    assertThat(bodies().get(3)).contains(":2:run.started");
    assertThat(bodies()).hasSize(4);
  }

  private void deliverUntil(int received) {
    await()
        .until(
            () -> {
              template.sendBody(DELIVER, "");
              return bodies().size() >= received;
            });
  }

  private List<String> bodies() {
    return getMockEndpoint("mock:receiver").getReceivedExchanges().stream()
        .map(exchange -> exchange.getMessage().getBody(String.class))
        .toList();
  }
}
