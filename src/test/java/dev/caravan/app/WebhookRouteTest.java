package dev.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.model.Owner;
import dev.caravan.pipeline.process.AiperfFinder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.WebhookServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookRouteTest extends RouteTest {

  private static final String DELIVER = "direct:deliver";

  private WebhookServer server;

  @Override
  List<String> files() {
    return List.of("receiver", "webhook");
  }

  @Override
  List<String> mocked() {
    return List.of("dead-letters-keep");
  }

  @Override
  Map<String, String> environment() {
    try {
      server = new WebhookServer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Map.of("CARAVAN_EVENTS_WEBHOOK", server.url());
  }

  @Override
  Map<String, String> replacedConsumers() {
    return Map.of("webhook-deliver", DELIVER);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void takesLittleOfAReplyWithoutEnd() throws Exception {
    // given
    server.endless.set(1);
    accept(RunsRoute.CONFIG);
    // when
    await()
        .until(
            () -> {
              template.sendBody(DELIVER, "");
              return server.endless.get() == 0;
            });
    template.sendBody(DELIVER, "");
    // then: its status says that it has the event
    assertThat(server.deliveries).isEmpty();
  }

  @Test
  void countsAnEventAsDeliveredByTheStatusWhateverFollows() throws Exception {
    // given
    server.broken.set(1);
    accept(RunsRoute.CONFIG);
    // when
    await()
        .until(
            () -> {
              template.sendBody(DELIVER, "");
              return !server.deliveries.isEmpty();
            });
    // then: the next one need not wait for it to be repeated
    accept(RunsRoute.CONFIG.replace("base_config", "batch_name: next\nbase_config"));
    await()
        .until(
            () -> {
              template.sendBody(DELIVER, "");
              return server.deliveries.size() > 1;
            });
    assertThat(server.deliveries.get(1).id()).startsWith("next/");
  }

  @Test
  void postsUnsignedWithoutASecretAndRetriesFailures() throws Exception {
    // given: it asks for an hour
    server.failures.set(1);
    accept(RunsRoute.CONFIG.replace("base_config", "batch_name: naïve\nbase_config"));
    // when
    await()
        .until(
            () -> {
              template.sendBody(DELIVER, "");
              return server.deliveries.size() == 1;
            });
    template.sendBody(DELIVER, "");
    // then
    WebhookServer.Delivery delivery = server.deliveries.get(0);
    assertThat(server.deliveries).hasSize(1);
    assertThat(delivery.signature()).isEqualTo("null");
    assertThat(delivery.id()).startsWith("na%c3%afve/").endsWith(":1:batch.accepted");
    assertThat(delivery.event().path("id").asText()).startsWith("naïve/");
  }

  @ParameterizedTest
  @CsvSource({
    "CARAVAN_EVENTS_WEBHOOK, ftp://host/secret-path, not an http or https URL",
    "CARAVAN_EVENTS_WEBHOOK, secret-path, not an http or https URL",
    "CARAVAN_EVENTS_WEBHOOK, http://a b/secret-path, not an http or https URL",
    "CARAVAN_EVENTS_SECRET, secret-path, must name a variable",
    "CARAVAN_EVENTS_SECRET, UNSET_SECRET, UNSET_SECRET is set neither",
    "CARAVAN_EVENTS_SECRET, FLAWED_SECRET, the value of FLAWED_SECRET is not Base64 after whsec_",
    "CARAVAN_EVENTS_SECRET, EMPTY_SECRET, the value of EMPTY_SECRET has nothing after whsec_"
  })
  void refusesInvalidSettingsWithoutShowingSecrets(String variable, String value, String message) {
    Settings settings =
        Settings.of(
            home.root(),
            Map.of(
                variable,
                value,
                "PATH",
                "/bin",
                "FLAWED_SECRET",
                "whsec_secret-path!",
                "EMPTY_SECRET",
                "whsec_"),
            new Properties());
    assertThatThrownBy(
            () ->
                Components.of(
                    settings, new DurableFiles(), AiperfFinder.of(settings), Owner.DAEMON))
        .isInstanceOf(SettingsRefusedException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("secret-path");
  }
}
