package dev.caravan.app.camel;

import dev.caravan.config.settings.SecretNames;
import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.observe.events.StoredEvent;
import dev.caravan.observe.events.WebhookSignature;
import dev.caravan.pipeline.target.BoundedReplies;
import dev.caravan.storage.Home;
import dev.caravan.storage.SecretStore;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.util.Timeout;

/**
 * Turns an event into a webhook request, signed if there is a secret, and takes only the status of
 * the receiver's reply.
 */
public final class SignedWebhook implements Processor, HttpClientConfigurer {

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
  private static final Duration LIMIT = Duration.ofSeconds(15);

  private final String url;
  private final Supplier<Optional<String>> secret;
  private final BoundedReplies replies = new BoundedReplies();

  /** The webhook of these settings; its signing secret is looked up at each delivery. */
  public static SignedWebhook of(Settings settings) {
    String url = settings.text(Setting.EVENTS_WEBHOOK).strip();
    return new SignedWebhook(url.isEmpty() ? "" : checked(url), secret(settings));
  }

  private static String checked(String url) {
    try {
      URI uri = URI.create(url);
      if (uri.getHost() != null && uri.getScheme().matches("(?i)https?")) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      // Reported below without e: its message quotes the URL, which may contain a secret.
    }
    throw new SettingsRefusedException(
        Setting.EVENTS_WEBHOOK.key() + ": is not an http or https URL");
  }

  private static Supplier<Optional<String>> secret(Settings settings) {
    String variable = settings.text(Setting.EVENTS_SECRET).strip();
    if (variable.isEmpty()) {
      return Optional::empty;
    }
    if (!SecretNames.looksLikeName(variable)) {
      throw new SettingsRefusedException(
          Setting.EVENTS_SECRET.key()
              + " must name a variable in capitals with an underscore, such as WEBHOOK_SECRET; it must"
              + " not be the secret itself, so its value is not shown");
    }
    SecretStore secrets = SecretStore.of(settings);
    Path file = new Home(settings.home()).secretsFile();
    Supplier<String> value = () -> usable(variable, secrets.value(variable), file);
    value.get();
    return () -> Optional.of(value.get());
  }

  /** Fails without a secret: a receiver that expects signatures must not get an unsigned event. */
  private static String usable(String variable, Optional<String> value, Path file) {
    String secret =
        value.orElseThrow(
            () -> refused(variable + " is set neither in the environment nor in " + file));
    WebhookSignature.fault(secret)
        .ifPresent(
            fault -> {
              throw refused("the value of " + variable + " " + fault);
            });
    return secret;
  }

  private static SettingsRefusedException refused(String message) {
    return new SettingsRefusedException(Setting.EVENTS_SECRET.key() + ": " + message);
  }

  public SignedWebhook(String url, Supplier<Optional<String>> secret) {
    this.url = url;
    this.secret = secret;
  }

  @Override
  public void configureHttpClient(HttpClientBuilder client) {
    Timeout timeout = Timeout.of(CONNECT_LIMIT);
    client.setConnectionManager(
        BoundedReplies.connections()
            .setDefaultConnectionConfig(
                ConnectionConfig.custom().setConnectTimeout(timeout).build())
            .build());
    client.setConnectionReuseStrategy((request, response, context) -> false);
    // The outbox does that; the client would first wait as long as the receiver wants.
    client.disableAutomaticRetries();
    replies.limitWithoutBody(client, LIMIT);
  }

  @Override
  public void process(Exchange exchange) {
    StoredEvent event = exchange.getMessage().getBody(StoredEvent.class);
    long now = Instant.now().getEpochSecond();
    String id = headerValue(event.id());
    exchange.getMessage().removeHeaders("*");
    exchange.getMessage().setHeader(Exchange.HTTP_URI, url);
    exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, EventDelivery.MEDIA_TYPE);
    exchange.getMessage().setHeader("webhook-id", id);
    exchange.getMessage().setHeader("webhook-timestamp", String.valueOf(now));
    secret
        .get()
        .map(key -> WebhookSignature.of(key, id, now, event.json()))
        .ifPresent(value -> exchange.getMessage().setHeader("webhook-signature", value));
    exchange.getMessage().setBody(event.json().getBytes(StandardCharsets.UTF_8));
  }

  /** Percent-encodes what is not printable ASCII and so not allowed in a header. */
  private static String headerValue(String id) {
    StringBuilder header = new StringBuilder();
    for (byte b : id.getBytes(StandardCharsets.UTF_8)) {
      header.append(b > ' ' && b != '%' && b < 127 ? (char) b : String.format("%%%02x", b));
    }
    return header.toString();
  }
}
