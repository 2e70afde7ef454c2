package dev.caravan.observe.http;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that the daemon serves: who may come in, who answers, and what every answer says. */
public final class WebApp {

  private static final Logger LOG = LoggerFactory.getLogger(WebApp.class);

  /** Nothing is loaded from elsewhere, nothing inline is run, nobody frames a page. */
  static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private final AccessFilter door;
  private final Router router;
  private final PageUpdates news;
  private final BooleanSupplier busy;

  WebApp(AccessFilter door, Router router, PageUpdates news, BooleanSupplier busy) {
    this.door = door;
    this.router = router;
    this.news = news;
    this.busy = busy;
  }

  /** What pages and streams follow. */
  public PageUpdates news() {
    return news;
  }

  /** Whether a run goes on, so that pages move by themselves. */
  public boolean busy() {
    return busy.getAsBoolean();
  }

  /** Refuses a request that must not come in; empty when it may. */
  public Optional<HttpResponse> refused(HttpRequest ask) {
    try {
      door.pass(ask);
      return Optional.empty();
    } catch (HttpProblemException e) {
      boolean toLogin = e.status() == 401 && wantsPage(ask);
      return Optional.of(safe(toLogin ? HttpResponse.seeOther("/login") : HttpResponse.problem(e)));
    }
  }

  /** Answers a request that came in; never throws. */
  public HttpResponse answer(HttpRequest ask) {
    try {
      return safe(router.answer(ask));
    } catch (HttpProblemException e) {
      return safe(wantsPage(ask) ? ErrorPage.of(e) : HttpResponse.problem(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return safe(HttpResponse.problem(new HttpProblemException(503, "Caravan is stopping")));
    } catch (Exception e) {
      LOG.error("Could not answer {} {}", ask.method(), ask.path(), e);
      return safe(HttpResponse.problem(new HttpProblemException(500, "see Caravan's log")));
    }
  }

  private static boolean wantsPage(HttpRequest ask) {
    return ask.method().equals("GET") && ask.header("accept").orElse("").contains("text/html");
  }

  private static HttpResponse safe(HttpResponse reply) {
    return reply
        .with("Content-Security-Policy", POLICY)
        .with("X-Content-Type-Options", "nosniff")
        .with("X-Frame-Options", "DENY")
        .with("Referrer-Policy", "no-referrer")
        .with("Cross-Origin-Opener-Policy", "same-origin")
        .with("Cross-Origin-Resource-Policy", "same-origin")
        .with("Cache-Control", "no-store");
  }
}
