package dev.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.app.camel.CamelApp;
import dev.caravan.app.camel.RouteSet;
import dev.caravan.cli.RouteOverview.ListedRoute;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.model.Owner;
import dev.caravan.observe.events.EventReceivers;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.process.AiperfFinder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.WebhookServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several receivers of events, with the shipped routes. */
class NamedReceiversTest {

  @TempDir private Path temp;
  private Path home;
  private final Map<String, String> environment = new HashMap<>(System.getenv());

  @BeforeEach
  void makeHome() throws IOException {
    home = temp.toRealPath();
    environment.put("CARAVAN_EVENTS_TO", "file:" + home + "/first");
    environment.put("CARAVAN_EVENTS_TO_ON_CALL", "file:" + home + "/blocked");
    Files.writeString(
        home.resolve("caravan.properties"), "caravan.events.to.lab=file:" + home + "/lab\n");
  }

  @Test
  void eachGetsEveryEventAndOneThatFailsDelaysNobody() throws Exception {
    // given
    Path blocked = Files.writeString(home.resolve("blocked"), "a file is in the way");
    // when
    try (Components components =
            Components.of(
                settings(), new DurableFiles(), AiperfFinder.of(settings()), Owner.DAEMON);
        CamelApp camel = new CamelApp(settings(), "test", routes(components))) {
      CamelContext context = camel.start();
      components.listeners().tell(new PipelineChange.WorkerJoined("one", List.of("default")));
      components.listeners().tell(new PipelineChange.WorkerJoined("two", List.of("default")));
      // then
      assertThat(context.getRoutes())
          .extracting(Route::getRouteId)
          .filteredOn(id -> id.endsWith("-deliver"))
          .containsExactlyInAnyOrder("events-deliver", "lab-deliver", "on-call-deliver");
      await().until(() -> files("first") == 2 && files("lab") == 2);
      // and
      Files.delete(blocked);
      await().until(() -> files("blocked") == 2);
    }
    assertThat(home.resolve(".caravan/outbox"))
        .isDirectoryContaining("glob:**/events.delivered")
        .isDirectoryContaining("glob:**/lab.delivered")
        .isDirectoryContaining("glob:**/on-call.delivered");
  }

  @Test
  void getOneEventAtATimeWhereTheEndpointConfirmsItLater() throws Exception {
    // given
    Files.writeString(
        Files.createDirectory(home.resolve("routes")).resolve("late.camel.yaml"),
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
            .replace("HOME", home.toString()));
    environment.put("CARAVAN_EVENTS_TO", "direct:late");
    // when
    try (Components components =
            Components.of(
                settings(), new DurableFiles(), AiperfFinder.of(settings()), Owner.DAEMON);
        CamelApp camel = new CamelApp(settings(), "test", routes(components).withAddedRoutes())) {
      camel.start();
      for (String worker : List.of("one", "two", "three")) {
        components.listeners().tell(new PipelineChange.WorkerJoined(worker, List.of("default")));
      }
      await().until(() -> lines("late").size() >= 3);
    }
    // then
    assertThat(lines("late"))
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
      environment.put("CARAVAN_EVENTS_TO", server.url());
      // when
      try (Components components =
              Components.of(
                  settings(), new DurableFiles(), AiperfFinder.of(settings()), Owner.DAEMON);
          CamelApp camel = new CamelApp(settings(), "test", routes(components))) {
        camel.start();
        components.listeners().tell(new PipelineChange.WorkerJoined("one", List.of("default")));
        // then
        await().until(() -> server.types().equals(List.of("worker.joined")));
      }
    }
  }

  @Test
  void leaveTheirUrlsAsTheyAreForRoutesOfTheUser() throws Exception {
    // given: also one that ends where a query would begin
    try (WebhookServer server = new WebhookServer()) {
      environment.put("CARAVAN_EVENTS_TO", server.url());
      environment.put("CARAVAN_EVENTS_TO_LAB", server.url().replaceFirst("\\?.*", "?"));
      Files.writeString(
          Files.createDirectory(home.resolve("routes")).resolve("mine.camel.yaml"),
          """
          - route:
              id: mine
              from:
                uri: direct:mine
                steps:
                  - to: {uri: "{{caravan.events.to}}", parameters: {httpMethod: PUT}}
          """);
      // when
      try (Components components =
              Components.of(
                  settings(), new DurableFiles(), AiperfFinder.of(settings()), Owner.DAEMON);
          CamelApp camel = new CamelApp(settings(), "test", routes(components).withAddedRoutes())) {
        camel.start();
        components.listeners().tell(new PipelineChange.WorkerJoined("one", List.of("default")));
        // then
        await().until(() -> server.types().equals(List.of("worker.joined", "worker.joined")));
      }
    }
  }

  @Test
  void doNotShortenAStopThatWaitsForSomethingElse() throws Exception {
    // given: work that belongs to no route
    Files.writeString(
        Files.createDirectory(home.resolve("routes")).resolve("mine.camel.yaml"),
        """
        - route:
            id: mine
            from:
              uri: timer:mine
              parameters: {repeatCount: 1, delay: 0}
              steps:
                - wireTap: {uri: bean:work}
        """);
    Work work = new Work();
    // when
    try (CamelApp camel =
        new CamelApp(
            settings(), "test", new RouteSet(List.of(), Map.of("work", work)).withAddedRoutes())) {
      camel.start();
      work.begun.await();
    }
    // then
    assertThat(work.result).isCompletedWithValue("done");
  }

  /** Takes longer than a stop that waits for nothing. */
  public static final class Work {

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CompletableFuture<String> result = new CompletableFuture<>();

    public void run() {
      begun.countDown();
      try {
        new CountDownLatch(1).await(3, TimeUnit.SECONDS);
        result.complete("done");
      } catch (InterruptedException e) {
        result.complete("interrupted");
      }
    }
  }

  @Test
  void doNotHoldUpAStopWhenTheyDoNotAnswer() throws Exception {
    // given
    try (ServerSocket silent = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + silent.getLocalPort() + "/x";
      environment.put("CARAVAN_EVENTS_TO", url);
      environment.put("CARAVAN_EVENTS_TO_LAB", url);
      environment.put("CARAVAN_EVENTS_WEBHOOK", url);
      try (Components components =
          Components.of(
              settings(), new DurableFiles(), AiperfFinder.of(settings()), Owner.DAEMON)) {
        CamelApp camel = new CamelApp(settings(), "test", routes(components));
        camel.start();
        components.listeners().tell(new PipelineChange.WorkerJoined("one", List.of("default")));
        try (Socket first = silent.accept();
            Socket second = silent.accept();
            Socket third = silent.accept()) {
          long before = System.nanoTime();
          // when
          camel.close();
          // then: Camel by itself waits for 10 s
          assertThat(Duration.ofNanos(System.nanoTime() - before))
              .as("with %s, %s and %s", first, second, third)
              .isLessThan(Duration.ofSeconds(10));
        }
      }
    }
  }

  @Test
  void areListedWithTheirRoutes() throws IOException {
    // given
    environment.put("CARAVAN_EVENTS_TO_ON_CALL", "smtps:host?password=secret");
    // then
    assertThat(new CamelEngine().routes(settings()).routes())
        .contains(
            new ListedRoute("events-deliver", "events.camel.yaml", "ours"),
            new ListedRoute("lab-deliver", "receiver.camel.yaml", "ours"),
            new ListedRoute("on-call-deliver", "receiver.camel.yaml", "ours"));
    assertThat(new CamelEngine().routes(settings()).faults())
        .singleElement()
        .asString()
        .startsWith(
            "receiver.camel.yaml: route on-call-deliver: no component 'smtps': put camel-mail")
        .doesNotContain("secret");
  }

  @Test
  void cannotTakeTheNameOfAnother() {
    // given
    environment.put("CARAVAN_EVENTS_TO_WEBHOOK", "file:x");
    // then
    assertThatThrownBy(() -> EventReceivers.of(settings()))
        .isInstanceOf(SettingsRefusedException.class)
        .hasMessage(
            "caravan.events.to.webhook: webhook is the receiver of caravan.events.webhook; choose"
                + " another name");
  }

  @Test
  void areNoneWithoutAnEndpoint() throws IOException {
    // given
    Files.writeString(home.resolve("caravan.properties"), "caravan.events.to.lab=\n");
    environment.put("CARAVAN_EVENTS_TO", "");
    environment.put("CARAVAN_EVENTS_TO_ON_CALL", " ");
    // then
    assertThat(EventReceivers.of(settings()).names()).isEmpty();
    assertThat(EventReceivers.of(settings()).routeFiles()).isEmpty();
  }

  @Test
  void mustHaveAPlainName() throws IOException {
    // given
    Files.writeString(home.resolve("caravan.properties"), "caravan.events.to.../x=file:x\n");
    // then
    assertThatThrownBy(this::settings)
        .isInstanceOf(SettingsRefusedException.class)
        .hasMessageContaining("unknown property \"caravan.events.to.../x\"");
  }

  private RouteSet routes(Components components) {
    List<String> files = new ArrayList<>(List.of("errors"));
    files.addAll(EventReceivers.of(settings()).routeFiles());
    return new RouteSet(files, components.byName());
  }

  private Settings settings() {
    return Settings.of(home, environment, new Properties());
  }

  private List<String> lines(String name) throws IOException {
    Path file = home.resolve(name);
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private long files(String folder) throws IOException {
    if (!Files.isDirectory(home.resolve(folder))) {
      return 0;
    }
    try (Stream<Path> files = Files.list(home.resolve(folder))) {
      return files.count();
    }
  }
}
