package dev.caravan.observe.http;

import java.util.List;

/** The page that a browser gets for an error, with the navigation of all pages. */
final class ErrorPage {

  private ErrorPage() {}

  record Message(String message) {}

  static HttpResponse of(HttpProblemException problem) {
    Pages.Frame frame = new Pages.Frame("", "error", "Error " + problem.status(), false);
    return HttpResponse.html(
        problem.status(),
        Templates.render("error", List.of(frame, new Message(problem.getMessage()))));
  }
}
