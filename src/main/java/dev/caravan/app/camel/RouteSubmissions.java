package dev.caravan.app.camel;

import dev.caravan.config.yaml.YamlSource;
import dev.caravan.fleet.hub.SubmittedConfigs;
import dev.caravan.model.BatchRecord;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;

/** Accepts configs that a home's own routes bring; the body becomes the reply. */
public final class RouteSubmissions implements Processor {

  /** Header that identifies a message, so that one that comes twice makes no second batch. */
  static final String ID = "CaravanSubmissionId";

  private final Submissions submissions;

  public RouteSubmissions(Submissions submissions) {
    this.submissions = submissions;
  }

  @Override
  public void process(Exchange exchange) throws IOException {
    Message message = exchange.getMessage();
    Optional<InputStream> config = Optional.ofNullable(message.getBody(InputStream.class));
    String reply =
        config.isPresent()
            ? submit(message, config.get(), "route " + exchange.getFromRouteId())
            : SubmittedConfigs.refusal("the message has no body that is text or bytes");
    message.setBody(reply);
  }

  /** Reads no more of a config than shows that it is too large. */
  private String submit(Message message, InputStream config, String sender) throws IOException {
    byte[] bytes = config.readNBytes(YamlSource.MAX_BYTES + 1);
    return submissions.submit("route:" + id(message), bytes, BatchRecord.DEFAULT_PRIORITY, sender);
  }

  private static String id(Message message) {
    return Optional.ofNullable(message.getHeader(ID, String.class))
        .filter(id -> !id.isBlank())
        .orElseGet(() -> UUID.randomUUID().toString());
  }
}
