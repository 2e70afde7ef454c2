package dev.caravan.app.camel;

import dev.caravan.observe.events.StoredEvent;
import dev.caravan.observe.events.WebhookSignature;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Turns an event into the request to a webhook, signed when there is a secret. */
public final class SignedWebhook implements Processor {

  /** For a Caravan that posts nothing. */
  public static final SignedWebhook NOWHERE = new SignedWebhook("", Optional::empty);

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
    String id = inHeader(event.id());
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

  /** A header holds ASCII; what else a name may have is percent-encoded. */
  private static String inHeader(String id) {
    StringBuilder header = new StringBuilder();
    for (byte b : id.getBytes(StandardCharsets.UTF_8)) {
      header.append(b > ' ' && b != '%' && b < 127 ? (char) b : String.format("%%%02x", b));
    }
    return header.toString();
  }
}
