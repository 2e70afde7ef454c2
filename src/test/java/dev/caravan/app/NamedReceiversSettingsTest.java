package dev.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.cli.RouteOverview.ListedRoute;
import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.observe.events.EventReceivers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which receivers of events the settings name, and which names they refuse. */
class NamedReceiversSettingsTest {

  @TempDir private Path temp;

  private ReceiversHome receivers;

  @BeforeEach
  void makeHome() throws IOException {
    receivers = new ReceiversHome(temp.toRealPath());
  }

  @Test
  void areListedWithTheirRoutes() throws IOException {
    // given
    receivers.environment.put("CARAVAN_EVENTS_TO_ON_CALL", "smtps:host?password=secret");
    // then
    assertThat(new CamelEngine().routes(receivers.settings()).routes())
        .contains(
            new ListedRoute("events-deliver", "events.camel.yaml", "ours"),
            new ListedRoute("lab-deliver", "receiver.camel.yaml", "ours"),
            new ListedRoute("on-call-deliver", "receiver.camel.yaml", "ours"));
    assertThat(new CamelEngine().routes(receivers.settings()).faults())
        .singleElement()
        .asString()
        .startsWith(
            "receiver.camel.yaml: route on-call-deliver: no component 'smtps': put camel-mail")
        .doesNotContain("secret");
  }

  @Test
  void cannotTakeTheNameOfAnother() {
    // given
    receivers.environment.put("CARAVAN_EVENTS_TO_WEBHOOK", "file:x");
    // then
    assertThatThrownBy(() -> EventReceivers.of(receivers.settings()))
        .isInstanceOf(SettingsRefusedException.class)
        .hasMessage(
            "caravan.events.to.webhook: webhook is the receiver of caravan.events.webhook; choose"
                + " another name");
  }

  @Test
  void areNoneWithoutAnEndpoint() throws IOException {
    // given
    Files.writeString(receivers.home.resolve("caravan.properties"), "caravan.events.to.lab=\n");
    receivers.environment.put("CARAVAN_EVENTS_TO", "");
    receivers.environment.put("CARAVAN_EVENTS_TO_ON_CALL", " ");
    // then
    assertThat(EventReceivers.of(receivers.settings()).names()).isEmpty();
    assertThat(EventReceivers.of(receivers.settings()).routeFiles()).isEmpty();
  }

  @Test
  void mustHaveAPlainName() throws IOException {
    // given
    Files.writeString(
        receivers.home.resolve("caravan.properties"), "caravan.events.to.../x=file:x\n");
    // then
    assertThatThrownBy(receivers::settings)
        .isInstanceOf(SettingsRefusedException.class)
        .hasMessageContaining("unknown property \"caravan.events.to.../x\"");
  }
}
