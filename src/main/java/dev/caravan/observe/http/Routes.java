package dev.caravan.observe.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The handlers of the web application, by method and path. */
final class Routes {

  /** Handles the requests of one route. */
  interface Handler {

    /**
     * Handles a request on a worker thread.
     *
     * @param path decoded values of the path's parameters; {@code *} is what a wildcard matched
     */
    HttpResponse handle(HttpRequest request, Map<String, String> path) throws Exception;
  }

  /**
   * A handler and what it handles.
   *
   * @param path a path of Vert.x Web, such as {@code /batches/:name}
   */
  record Route(String method, String path, Handler handler) {}

  private final List<Route> all = new ArrayList<>();

  /** Adds a handler; one of GET is also one of HEAD. */
  Routes on(String method, String path, Handler handler) {
    all.add(new Route(method, path, handler));
    return this;
  }

  /** All handlers, in the order in which they were added. */
  List<Route> all() {
    return List.copyOf(all);
  }
}
