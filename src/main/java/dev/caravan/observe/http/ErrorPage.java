package dev.caravan.observe.http;

import dev.caravan.config.settings.Version;
import java.util.Map;

/** The page that a browser gets for an error, with the navigation of all pages. */
final class ErrorPage {

  private ErrorPage() {}

  static HttpResponse of(HttpProblemException problem) {
    return HttpResponse.html(
        problem.status(),
        Templates.render(
            "error",
            Map.of(
                "title",
                "Error " + problem.status(),
                "message",
                problem.getMessage(),
                "version",
                Version.CARAVAN,
                "section",
                "error",
                "plots",
                false,
                "home",
                "")));
  }
}
