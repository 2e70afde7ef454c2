package dev.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.app.camel.CamelApp;
import dev.caravan.app.camel.RouteSet;
import dev.caravan.pipeline.changes.PipelineChange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How several receivers of events affect the stop of the routes. */
class NamedReceiversStopTest {

  @TempDir private Path temp;

  private ReceiversHome receivers;

  @BeforeEach
  void makeHome() throws IOException {
    receivers = new ReceiversHome(temp.toRealPath());
  }

  @Test
  void doNotShortenAStopThatWaitsForSomethingElse() throws Exception {
    // given: work that belongs to no route
    Files.writeString(
        Files.createDirectory(receivers.home.resolve("routes")).resolve("mine.camel.yaml"),
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
            receivers.settings(),
            "test",
            new RouteSet(List.of(), Map.of("work", work)).withAddedRoutes())) {
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
      receivers.environment.put("CARAVAN_EVENTS_TO", url);
      receivers.environment.put("CARAVAN_EVENTS_TO_LAB", url);
      receivers.environment.put("CARAVAN_EVENTS_WEBHOOK", url);
      try (Components components = receivers.components()) {
        CamelApp camel = new CamelApp(receivers.settings(), "test", receivers.routes(components));
        camel.start();
        components.listeners().publish(new PipelineChange.WorkerJoined("one", List.of("default")));
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
}
