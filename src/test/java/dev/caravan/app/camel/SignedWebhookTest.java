package dev.caravan.app.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.observe.events.EventType;
import dev.caravan.observe.events.StoredEvent;
import dev.caravan.storage.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignedWebhookTest {

  private static final String SIGNATURE = "webhook-signature";

  private Path keys;
  private SignedWebhook webhook;

  @BeforeEach
  void setUp(@TempDir Path folder) throws IOException {
    keys = new Home(folder).secretsFile();
    Files.createDirectories(keys.getParent());
    Files.createFile(
        keys, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(keys, "HOOK_SECRET=one\n");
    webhook =
        SignedWebhook.of(
            Settings.of(
                folder,
                Map.of(
                    "CARAVAN_EVENTS_WEBHOOK",
                    "http://127.0.0.1:9",
                    "CARAVAN_EVENTS_SECRET",
                    "HOOK_SECRET"),
                new Properties()));
  }

  @Test
  void signsWithTheValueOfNow() throws IOException {
    // given
    String before = signed().getMessage().getHeader(SIGNATURE, String.class);
    // when
    Files.writeString(keys, "HOOK_SECRET=two\n");
    // then
    assertThat(signed().getMessage().getHeader(SIGNATURE, String.class))
        .startsWith("v1,")
        .isNotEqualTo(before);
  }

  @Test
  void sendsNothingUnsignedWhileTheSecretIsGone() throws IOException {
    // when
    Files.writeString(keys, "# nothing for now\n");
    // then
    assertThatThrownBy(this::signed)
        .isInstanceOf(SettingsRefusedException.class)
        .hasMessageContaining("HOOK_SECRET is set neither");
  }

  @Test
  void saysWhichSecretCannotSign() throws IOException {
    // when
    Files.writeString(keys, "HOOK_SECRET=whsec_never-shown!\n");
    // then
    assertThatThrownBy(this::signed)
        .isInstanceOf(SettingsRefusedException.class)
        .hasMessageContaining("the value of HOOK_SECRET is not Base64")
        .hasMessageNotContaining("never-shown");
  }

  private Exchange signed() {
    Exchange exchange = new DefaultExchange(new DefaultCamelContext());
    exchange
        .getMessage()
        .setBody(
            new StoredEvent(1, EventType.BATCH_FINISHED.cloudEventType(), "key", "id", "", "{}"));
    webhook.process(exchange);
    return exchange;
  }
}
