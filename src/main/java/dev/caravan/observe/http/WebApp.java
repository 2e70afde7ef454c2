package dev.caravan.observe.http;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon's web application, independent of the HTTP server: access control, routing, and the
 * security headers of every response.
 */
public final class WebApp {

  private static final Logger LOG = LoggerFactory.getLogger(WebApp.class);

  /** No resources from other origins, no inline scripts or styles, no framing. */
  static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private final AccessFilter accessFilter;
  private final Router router;
  private final PageUpdates pageUpdates;
  private final BooleanSupplier busy;

  WebApp(AccessFilter accessFilter, Router router, PageUpdates pageUpdates, BooleanSupplier busy) {
    this.accessFilter = accessFilter;
    this.router = router;
    this.pageUpdates = pageUpdates;
    this.busy = busy;
  }

  /** Notifies open pages and event streams of changes. */
  public PageUpdates pageUpdates() {
    return pageUpdates;
  }

  /** Whether a run is in progress, so that pages should refresh their progress. */
  public boolean busy() {
    return busy.getAsBoolean();
  }

  /** The error response to a request that is not allowed; empty when it is allowed. */
  public Optional<HttpResponse> refusal(HttpRequest request) {
    try {
      accessFilter.check(request);
      return Optional.empty();
    } catch (HttpProblemException e) {
      boolean toLogin = e.status() == 401 && wantsPage(request);
      return Optional.of(
          withSecurityHeaders(toLogin ? HttpResponse.seeOther("/login") : HttpResponse.problem(e)));
    }
  }

  /** Handles a request that {@link #refusal} let through; never throws. */
  public HttpResponse handle(HttpRequest request) {
    try {
      return withSecurityHeaders(router.handle(request));
    } catch (HttpProblemException e) {
      return withSecurityHeaders(wantsPage(request) ? ErrorPage.of(e) : HttpResponse.problem(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return withSecurityHeaders(
          HttpResponse.problem(new HttpProblemException(503, "Caravan is shutting down")));
    } catch (Exception e) {
      LOG.error("Request failed: {} {}", request.method(), request.path(), e);
      return withSecurityHeaders(
          HttpResponse.problem(
              new HttpProblemException(500, "internal error; see the Caravan log")));
    }
  }

  private static boolean wantsPage(HttpRequest request) {
    return request.method().equals("GET")
        && request.header("accept").orElse("").contains("text/html");
  }

  private static HttpResponse withSecurityHeaders(HttpResponse response) {
    return response
        .with("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        .with("X-Content-Type-Options", "nosniff")
        .with("X-Frame-Options", "DENY")
        .with("Referrer-Policy", "no-referrer")
        .with("Cross-Origin-Opener-Policy", "same-origin")
        .with("Cross-Origin-Resource-Policy", "same-origin")
        .with("Cache-Control", "no-store");
  }
}
