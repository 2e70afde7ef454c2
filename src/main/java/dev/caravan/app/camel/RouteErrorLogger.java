package dev.caravan.app.camel;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what went wrong in a route that has no better answer. */
public final class RouteErrorLogger {

  private static final Logger LOG = LoggerFactory.getLogger(RouteErrorLogger.class);

  /** Logs it as a detail: whoever watches the broker says what is wrong, once. */
  public void whisper(String route, Exception failure) {
    LOG.debug("{}: {}", route, failure.toString());
  }

  /** Logs it; the route goes on with its next message. */
  public void say(String route, Exception failure) {
    LOG.error("{}: {}", route, failure.toString(), failure);
  }
}
