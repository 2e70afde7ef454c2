package dev.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.app.camel.CamelApp;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.testing.WebhookServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The events that several receivers get, with the shipped routes. */
class NamedReceiversEventsTest {

  @TempDir private Path temp;

  private ReceiversHome receivers;

  @BeforeEach
  void makeHome() throws IOException {
    receivers = new ReceiversHome(temp.toRealPath());
  }

  @Test
  void eachGetsEveryEventAndOneThatFailsDelaysNobody() throws Exception {
    // given
    Path blocked = Files.writeString(receivers.home.resolve("blocked"), "a file is in the way");
    // when
    try (Components components = receivers.components();
        CamelApp camel = new CamelApp(receivers.settings(), "test", receivers.routes(components))) {
      CamelContext context = camel.start();
      components.listeners().publish(new PipelineChange.WorkerJoined("one", List.of("default")));
      components.listeners().publish(new PipelineChange.WorkerJoined("two", List.of("default")));
      // then
      assertThat(context.getRoutes())
          .extracting(Route::getRouteId)
          .filteredOn(id -> id.endsWith("-deliver"))
          .containsExactlyInAnyOrder("events-deliver", "lab-deliver", "on-call-deliver");
      await().until(() -> receivers.files("first") == 2 && receivers.files("lab") == 2);
      // and
      Files.delete(blocked);
      await().until(() -> receivers.files("blocked") == 2);
    }
    assertThat(receivers.home.resolve(".caravan/outbox"))
        .isDirectoryContaining("glob:**/events.delivered")
        .isDirectoryContaining("glob:**/lab.delivered")
        .isDirectoryContaining("glob:**/on-call.delivered");
  }

  @Test
  void getOneEventAtATimeWhereTheEndpointConfirmsItLater() throws Exception {
    // given
    Files.writeString(
        Files.createDirectory(receivers.home.resolve("routes")).resolve("late.camel.yaml"),
        """
        - route:
            id: late
            from:
              uri: direct:late
              steps:
                - delay: {constant: "600", asyncDelayed: true}
                - to:
                    uri: file:HOME
                    parameters: {fileName: late, fileExist: Append, appendChars: '\\n'}
        """
            .replace("HOME", receivers.home.toString()));
    receivers.environment.put("CARAVAN_EVENTS_TO", "direct:late");
    // when
    try (Components components = receivers.components();
        CamelApp camel =
            new CamelApp(
                receivers.settings(), "test", receivers.routes(components).withAddedRoutes())) {
      camel.start();
      for (String worker : List.of("one", "two", "three")) {
        components.listeners().publish(new PipelineChange.WorkerJoined(worker, List.of("default")));
      }
      await().until(() -> receivers.lines("late").size() >= 3);
    }
    // then
    assertThat(receivers.lines("late"))
        .satisfiesExactly(
            event -> assertThat(event).contains("\"subject\":\"one\""),
            event -> assertThat(event).contains("\"subject\":\"two\""),
            event -> assertThat(event).contains("\"subject\":\"three\""));
  }

  @Test
  void getAPostAndAnotherSoonAlsoIfTheyWantToBeLeftAloneForAnHour() throws Exception {
    // given
    try (WebhookServer server = new WebhookServer()) {
      server.failures.set(1);
      receivers.environment.put("CARAVAN_EVENTS_TO", server.url());
      // when
      try (Components components = receivers.components();
          CamelApp camel =
              new CamelApp(receivers.settings(), "test", receivers.routes(components))) {
        camel.start();
        components.listeners().publish(new PipelineChange.WorkerJoined("one", List.of("default")));
        // then
        await().until(() -> server.types().equals(List.of("worker.joined")));
      }
    }
  }

  @Test
  void leaveTheirUrlsAsTheyAreForRoutesOfTheUser() throws Exception {
    // given: also one that ends where a query would begin
    try (WebhookServer server = new WebhookServer()) {
      receivers.environment.put("CARAVAN_EVENTS_TO", server.url());
      receivers.environment.put("CARAVAN_EVENTS_TO_LAB", server.url().replaceFirst("\\?.*", "?"));
      Files.writeString(
          Files.createDirectory(receivers.home.resolve("routes")).resolve("mine.camel.yaml"),
          """
          - route:
              id: mine
              from:
                uri: direct:mine
                steps:
                  - to: {uri: "{{caravan.events.to}}", parameters: {httpMethod: PUT}}
          """);
      // when
      try (Components components = receivers.components();
          CamelApp camel =
              new CamelApp(
                  receivers.settings(), "test", receivers.routes(components).withAddedRoutes())) {
        camel.start();
        components.listeners().publish(new PipelineChange.WorkerJoined("one", List.of("default")));
        // then
        await().until(() -> server.types().equals(List.of("worker.joined", "worker.joined")));
      }
    }
  }
}
