package dev.caravan.observe.http;

import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;

/**
 * What is to be done when a response ends or its client leaves, which may be at any moment: also
 * before or while a stream is opened. It is known to Vert.x from the start of the request, because
 * Vert.x reports an end once and only to those that it knows by then. Used on one event loop only.
 */
final class ResponseEnd {

  private static final String KEY = "end";

  private final List<Runnable> actions = new ArrayList<>();
  private boolean ended;

  /** The end of the response to this request. */
  static ResponseEnd of(RoutingContext context) {
    ResponseEnd end = context.get(KEY);
    if (end != null) {
      return end;
    }
    ResponseEnd created = new ResponseEnd();
    context.put(KEY, created);
    context.addEndHandler(ended -> created.end());
    return created;
  }

  /** Runs the action when the response ends; at once if it has ended. */
  void then(Runnable action) {
    if (ended) {
      action.run();
    } else {
      actions.add(action);
    }
  }

  private void end() {
    ended = true;
    actions.forEach(Runnable::run);
    actions.clear();
  }
}
