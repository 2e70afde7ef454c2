package dev.caravan.app.camel;

import dev.caravan.storage.RepeatedTrouble;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.MessageFormatException;
import java.io.IOException;
import org.apache.camel.util.ObjectHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs errors of routes that have no other error policy. */
public final class RouteErrorLogger {

  private static final Logger LOG = LoggerFactory.getLogger(RouteErrorLogger.class);

  private final RepeatedTrouble troubles = new RepeatedTrouble(System::nanoTime);

  /**
   * Logs an error of a route that uses the broker. That it is unavailable at DEBUG, since its
   * monitoring already reports that once; what it refuses, and all others, as {@link #log}.
   */
  public void logUnlessBroker(String route, Exception failure) {
    JMSException ofBroker = ObjectHelper.getException(JMSException.class, failure);
    if (ofBroker == null
        || ofBroker instanceof JMSSecurityException
        || ofBroker instanceof MessageFormatException) {
      log(route, failure);
    } else {
      LOG.debug("{}: {}", route, failure.toString());
    }
  }

  /**
   * Logs an error once, until another one comes; the route goes on with its next message. What the
   * file system, the network or the broker refused needs no stack trace, and one that quotes URLs
   * is not shown.
   */
  public void log(String route, Exception failure) {
    String message = EndpointFailures.withoutUrls(failure.toString());
    if (!troubles.add(route + ": " + failure, "")) {
      LOG.debug("{}: {}, again", route, message);
    } else if (isRefusal(failure) || EndpointFailures.quotesUrls(failure)) {
      LOG.error("{}: {}", route, message);
    } else {
      LOG.error("{}: {}", route, message, failure);
    }
  }

  private static boolean isRefusal(Exception failure) {
    return ObjectHelper.getException(IOException.class, failure) != null
        || ObjectHelper.getException(JMSException.class, failure) != null;
  }
}
