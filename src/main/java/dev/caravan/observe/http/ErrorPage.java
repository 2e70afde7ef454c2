package dev.caravan.observe.http;

import dev.caravan.config.settings.Version;
import java.util.Map;

/** An error for people. */
final class ErrorPage {

  private ErrorPage() {}

  static HttpResponse of(HttpProblemException refused) {
    return HttpResponse.html(
        refused.status(),
        Templates.page(
            "error",
            Map.of(
                "title",
                "Error " + refused.status(),
                "message",
                refused.getMessage(),
                "version",
                Version.CARAVAN)));
  }
}
