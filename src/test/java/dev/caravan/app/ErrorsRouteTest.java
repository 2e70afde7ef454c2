package dev.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.config.yaml.Problem;
import dev.caravan.pipeline.run.InvalidRunOrderException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.RouteDefinition;
import org.junit.jupiter.api.Test;

/** The error policies, on routes that only fail. */
class ErrorsRouteTest extends RouteTest {

  private final List<String> calls = new ArrayList<>();
  private Exception failure = new IllegalStateException("a bug");
  private String order = "the order";

  @Override
  List<String> files() {
    return List.of("errors");
  }

  @Override
  List<String> mocked() {
    return List.of("dead-letters-keep");
  }

  @Override
  void replace(Map<String, Object> byName) {
    byName.put("routeErrors", new Errors());
    byName.put("inbox", new Inbox());
    byName.put("runs", new Runs());
  }

  /** Records what the policy logs. */
  public final class Errors {
    public void log(String route, Exception failure) {
      calls.add("logged for " + route + ": " + failure.getMessage());
    }
  }

  /** Records the policy's calls to the inbox. */
  public final class Inbox {
    public void refuse(Object claim, ConfigRefusedException refused) {
      calls.add("refused " + claim + ": " + refused.problems().size());
    }

    public void postpone(Object claim, Exception why) {
      calls.add("postponed " + claim + ": " + why.getMessage());
    }
  }

  /** Records the policy's calls to the run stage. */
  public final class Runs {
    public String reject(String order, Exception failure) {
      calls.add("rejected " + order + ": " + failure.getMessage());
      return "report on " + order;
    }

    public String internalError(String order, Exception failure) {
      calls.add("internal error of " + order + ": " + failure.getMessage());
      return "report on " + order;
    }
  }

  @Override
  protected RouteBuilder createRouteBuilder() {
    return new RouteBuilder() {
      @Override
      public void configure() {
        from("direct:dead-letters-keep").to("mock:dead-letters-keep");
        fails("nameless");
        for (String id : List.of("propagate", "refuse-config", "run-errors")) {
          fails(id).routeConfigurationId(id);
        }
      }

      private RouteDefinition fails(String name) {
        RouteDefinition route = from("direct:" + name).routeId(name);
        route
            .setVariable("claim", constant("the claim"))
            .process(
                exchange -> {
                  exchange.setVariable("order", order);
                  throw failure;
                });
        return route;
      }
    };
  }

  @Test
  void logsTheErrorAndContinues() {
    // when
    Exchange done = send("nameless");
    // then
    assertThat(done.isFailed()).isFalse();
    assertThat(calls).containsExactly("logged for nameless: a bug");
  }

  @Test
  void leavesTheErrorToTheCallingRoute() {
    // when
    Exchange done = send("propagate");
    // then
    assertThat(done.getException()).isSameAs(failure);
    assertThat(calls).isEmpty();
  }

  @Test
  void refusesAConfigOnlyForProblemsInIt() {
    // given
    failure = new ConfigRefusedException("a.yaml", List.of(new Problem(1, 1, "", "wrong")));
    // when
    Exchange done = send("refuse-config");
    // then
    assertThat(done.isFailed()).isFalse();
    assertThat(calls).containsExactly("refused the claim: 1");
  }

  @Test
  void postponesAConfigForAnyOtherFailure() {
    // given
    failure = new IOException("disk full");
    // when
    Exchange done = send("refuse-config");
    // then
    assertThat(done.isFailed()).isFalse();
    assertThat(calls).containsExactly("postponed the claim: disk full");
  }

  @Test
  void answersAnErrorOfARunWithOneReport() throws Exception {
    // given
    getMockEndpoint("mock:recorded").expectedBodiesReceived("\"report on the order\"");
    getMockEndpoint("mock:dead-letters-keep").expectedMessageCount(0);
    // when
    Exchange done = send("run-errors");
    // then
    assertThat(done.isFailed()).isFalse();
    assertThat(calls).containsExactly("internal error of the order: a bug");
    getMockEndpoint("mock:recorded").assertIsSatisfied();
    getMockEndpoint("mock:dead-letters-keep").assertIsSatisfied();
  }

  @Test
  void keepsAndRejectsAnOrderWhoseRunDoesNotExist() throws Exception {
    // given
    failure = new InvalidRunOrderException("no such run");
    getMockEndpoint("mock:recorded").expectedBodiesReceived("\"report on the order\"");
    getMockEndpoint("mock:dead-letters-keep").expectedMessageCount(1);
    // when
    Exchange done = send("run-errors");
    // then
    assertThat(done.isFailed()).isFalse();
    assertThat(calls).containsExactly("rejected the order: no such run");
    getMockEndpoint("mock:recorded").assertIsSatisfied();
    getMockEndpoint("mock:dead-letters-keep").assertIsSatisfied();
  }

  @Test
  void keepsAMessageThatIsNotAnOrderWithoutAReport() throws Exception {
    // given
    order = null;
    getMockEndpoint("mock:recorded").expectedMessageCount(0);
    getMockEndpoint("mock:dead-letters-keep").expectedMessageCount(1);
    // when
    Exchange done = send("run-errors");
    // then
    assertThat(done.isFailed()).isFalse();
    getMockEndpoint("mock:recorded").assertIsSatisfied();
    getMockEndpoint("mock:dead-letters-keep").assertIsSatisfied();
  }

  private Exchange send(String route) {
    return template.send("direct:" + route, exchange -> exchange.getMessage().setBody("body"));
  }
}
