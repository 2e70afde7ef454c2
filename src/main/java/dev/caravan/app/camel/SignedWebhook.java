package dev.caravan.app.camel;

import dev.caravan.observe.events.StoredEvent;
import dev.caravan.observe.events.WebhookSignature;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Turns an event into a webhook request, signed if there is a secret. */
public final class SignedWebhook implements Processor {

  /** For a Caravan without a webhook. */
  public static final SignedWebhook NONE = new SignedWebhook("", Optional::empty);

  private final String url;
  private final Supplier<Optional<String>> secret;

  public SignedWebhook(String url, Supplier<Optional<String>> secret) {
    this.url = url;
    this.secret = secret;
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
