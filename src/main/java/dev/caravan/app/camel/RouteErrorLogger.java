package dev.caravan.app.camel;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs errors of routes that have no other error policy. */
public final class RouteErrorLogger {

  private static final Logger LOG = LoggerFactory.getLogger(RouteErrorLogger.class);

  /** Logs at DEBUG: the monitoring of the broker already reports once that it is unavailable. */
  public void logDebug(String route, Exception failure) {
    LOG.debug("{}: {}", route, failure.toString());
  }

  /** Logs an error with its stack trace; the route goes on with its next message. */
  public void log(String route, Exception failure) {
    LOG.error("{}: {}", route, failure.toString(), failure);
  }
}
