package dev.caravan.app.camel;

import dev.caravan.pipeline.target.TargetClient;
import org.apache.camel.component.http.HttpComponent;

/** Creates the component behind {@code target:} in routes. */
public final class TargetComponent {

  private TargetComponent() {}

  /**
   * Camel's HTTP component, which would read all trusted certificates for each of its endpoints;
   * with these connections that waits until a target uses TLS. It closes them when it stops.
   */
  public static HttpComponent of(TargetClient client) {
    HttpComponent http = new HttpComponent();
    http.setClientConnectionManager(client.connections());
    return http;
  }
}
