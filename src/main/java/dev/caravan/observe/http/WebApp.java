package dev.caravan.observe.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.caravan.pipeline.accept.UnreadableBatchException;
import dev.caravan.storage.DiskErrors;
import dev.caravan.storage.FileFailures;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
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

  private static final String RETRY_SECONDS = "10";

  private final AccessFilter accessFilter;
  private final Routes routes;
  private final PageUpdates pageUpdates;
  private final BooleanSupplier busy;
  private final StreamLimit streams;

  WebApp(
      AccessFilter accessFilter,
      Routes routes,
      PageUpdates pageUpdates,
      BooleanSupplier busy,
      StreamLimit streams) {
    this.accessFilter = accessFilter;
    this.routes = routes;
    this.pageUpdates = pageUpdates;
    this.busy = busy;
    this.streams = streams;
  }

  /** What it answers to requests that {@link #refusal} lets through. */
  List<Routes.Route> routes() {
    return routes.all();
  }

  /** Limits the open event streams. */
  StreamLimit streams() {
    return streams;
  }

  /** Notifies open pages and event streams of changes. */
  PageUpdates pageUpdates() {
    return pageUpdates;
  }

  /** Whether a run is in progress, so that pages should refresh their progress. */
  boolean busy() {
    return busy.getAsBoolean();
  }

  /** The error response to a request that is not allowed; empty when it is allowed. */
  Optional<HttpResponse> refusal(HttpRequest request) {
    try {
      accessFilter.check(request);
      return Optional.empty();
    } catch (HttpProblemException e) {
      boolean toLogin = e.status() == 401 && request.wantsPage();
      return Optional.of(
          toLogin ? withSecurityHeaders(ReturnPath.toLogin(request)) : problem(request, e));
    }
  }

  /** Has this handler answer a request; never throws. */
  HttpResponse handle(HttpRequest request, Map<String, String> path, Routes.Handler handler) {
    try {
      return withSecurityHeaders(handler.handle(request, UrlPaths.checked(path)));
    } catch (HttpProblemException e) {
      return problem(request, e);
    } catch (UnreadableBatchException e) {
      String message = "this batch cannot be read: " + e.getMessage();
      return problem(request, new HttpProblemException(409, message));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return problem(request, new HttpProblemException(503, "Caravan is shutting down"));
    } catch (Exception e) {
      return failed(request, e);
    }
  }

  /** A file that is damaged or gone stays so, unlike a disk that is full. */
  private static boolean mayPass(IOException failure) {
    return !(failure instanceof JsonProcessingException)
        && !(failure instanceof NoSuchFileException);
  }

  /** The response to a request that failed because of an error in Caravan or of its disk. */
  HttpResponse failed(HttpRequest request, Throwable cause) {
    Optional<String> disk = DiskErrors.in(cause).filter(WebApp::mayPass).map(FileFailures::message);
    if (disk.isPresent()) {
      LOG.error("Not done: {} {}: {}", request.method(), request.path(), disk.get());
      return problem(request, new HttpProblemException(503, disk.get()));
    }
    LOG.error("Request failed: {} {}", request.method(), request.path(), cause);
    return problem(request, new HttpProblemException(500, "internal error; see the Caravan log"));
  }

  /** An error as a page for a browser and as a problem document for other clients. */
  HttpResponse problem(HttpRequest request, HttpProblemException problem) {
    HttpResponse response =
        request.wantsPage() ? ErrorPage.of(problem) : HttpResponse.problem(problem);
    return withSecurityHeaders(
        problem.status() == 503 ? response.with("Retry-After", RETRY_SECONDS) : response);
  }

  /** The response to a client that asks for one more stream than there may be. */
  HttpResponse tooManyStreams() {
    return withSecurityHeaders(
        HttpResponse.problem(new HttpProblemException(503, "too many open event streams"))
            .with("Retry-After", RETRY_SECONDS));
  }

  private static HttpResponse withSecurityHeaders(HttpResponse response) {
    return response
        .with("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        .with("X-Content-Type-Options", "nosniff")
        .with("X-Frame-Options", "DENY")
        .with("Referrer-Policy", "same-origin")
        .with("Cross-Origin-Opener-Policy", "same-origin")
        .with("Cross-Origin-Resource-Policy", "same-origin")
        .with("Cache-Control", "no-store");
  }
}
