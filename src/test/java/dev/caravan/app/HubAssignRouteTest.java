package dev.caravan.app;

import static dev.caravan.testing.Results.eventually;
import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.fleet.hub.HubMessages;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.run.RunReport;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubAssignRouteTest extends RouteTest {

  /** A hub that cannot send anything to its workers. */
  public static final class DisconnectedHub {

    /** Sends a run. */
    public Object assign(RunOrder order) {
      throw new IllegalStateException("no broker for " + order.runId());
    }

    /** Reports a run that was not sent. */
    public RunReport postpone(RunOrder order, Exception failure) {
      return RunReport.on(order, RunReport.Kind.BUSY, failure.getMessage());
    }
  }

  @Override
  List<String> files() {
    return List.of("hub", "hub-errors", "dead-letters");
  }

  @Override
  List<String> mocked() {
    return List.of();
  }

  @Override
  void replace(Map<String, Object> byName) {
    byName.put("hubService", new DisconnectedHub());
    byName.put("hubMessages", new HubMessages());
  }

  @ParameterizedTest
  @ValueSource(strings = {"not JSON", "null", "[]", "{\"run_id\": 1"})
  void keepsAMessageThatIsNoOrder(String message) throws Exception {
    // when
    template.sendBody("seda:runs", message);

    // then
    eventually().until(() -> deadLetters().size() == 2);
    assertThat(home.dead().resolve(deadLetters().get(0))).hasContent(message);
    assertThat(recorded().getExchanges()).isEmpty();
  }

  /** Without files that are being written. */
  private List<String> deadLetters() throws IOException {
    return names(home.dead()).stream().filter(name -> !name.startsWith(".")).toList();
  }

  @Test
  void reportsARunThatItCannotSend() throws Exception {
    // when
    template.sendBody(
        "seda:runs",
        order(
            accept(
                    """
                    base_config:
                      model: m
                      url: http://127.0.0.1:9
                      warmup_request_count: 1
                      benchmark_duration: 1
                      concurrency: 2
                    """)
                .run(0)));

    // then
    eventually().until(() -> recorded().getExchanges().size() == 1);
    assertThat(body(recorded().getExchanges().get(0), RunReport.class).kind())
        .isEqualTo(RunReport.Kind.BUSY);
  }

  private MockEndpoint recorded() {
    return context.getEndpoint("mock:recorded", MockEndpoint.class);
  }
}
