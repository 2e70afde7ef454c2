package dev.caravan.app.camel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.settings.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.engine.DefaultInflightRepository;
import org.apache.camel.impl.engine.DefaultShutdownStrategy;
import org.apache.camel.spi.RouteStartupOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CamelAppTest {

  @TempDir Path home;

  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch mayEnd = new CountDownLatch(1);
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final List<Integer> inFlight = new ArrayList<>();

  @Test
  void stopsWhenTheLastExchangeHasEnded() throws Exception {
    // given
    try (CamelApp app = app()) {
      CamelContext context = begin(app);

      // when
      context.setInflightRepository(new EndsOnceSeen());
    }
    // then
    assertThat(inFlight).containsExactly(0);
  }

  @Test
  void leavesAnExchangeThatGoesOnToCamel() throws Exception {
    // given
    try (CamelApp app = app()) {
      begin(app);
    }

    // then
    assertThat(inFlight).containsExactly(1);
  }

  private CamelApp app() throws Exception {
    Settings settings = Settings.of(home, Map.of(), new Properties());
    return new CamelApp(
        settings,
        "test",
        new RouteSet(List.of("errors"), Map.of("routeErrors", new RouteErrorLogger())));
  }

  /** Starts the app, and in it an exchange that ends when it may, or Camel stops. */
  private CamelContext begin(CamelApp app) throws Exception {
    CamelContext context = app.start();
    context.setShutdownStrategy(
        new DefaultShutdownStrategy(context) {
          @Override
          public void shutdownForced(CamelContext stopped, List<RouteStartupOrder> routes)
              throws Exception {
            inFlight.add(stopped.getInflightRepository().size());
            mayEnd.countDown();
            super.shutdownForced(stopped, routes);
          }
        });
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:work").process(CamelAppTest.this::work);
          }
        });
    context.createProducerTemplate().asyncSendBody("direct:work", "");
    begun.await();
    return context;
  }

  /** The exchange ends as soon as somebody has looked whether it has. */
  private final class EndsOnceSeen extends DefaultInflightRepository {

    @Override
    public int size() {
      boolean isOver = done.isDone();
      mayEnd.countDown();
      done.join();
      return isOver ? 0 : 1;
    }
  }

  private void work(Exchange exchange) throws InterruptedException {
    begun.countDown();
    mayEnd.await();
    done.complete(null);
  }
}
