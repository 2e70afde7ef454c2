package dev.caravan.fleet.jms;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for a broker up to a time limit: each call of a client may take half a minute when the
 * broker accepts connections and does not respond, and calls queue up.
 */
public final class BrokerWait {

  private static final Logger LOG = LoggerFactory.getLogger(BrokerWait.class);

  private BrokerWait() {}

  /** Does something; whether it was done in time and without an exception. */
  public static boolean done(Duration limit, Callable<?> action) {
    FutureTask<?> task = new FutureTask<>(action);
    Thread thread = new Thread(task, "broker-wait");
    thread.setDaemon(true);
    thread.start();
    try {
      task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException | ExecutionException e) {
      LOG.debug("The broker does not respond", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  /** What failed and why, for instance that a certificate was refused: the last cause knows. */
  public static String reason(Throwable failure) {
    Throwable last = failure;
    while (last.getCause() != null && last.getCause() != last) {
      last = last.getCause();
    }
    String message = String.valueOf(failure.getMessage());
    String cause = String.valueOf(last.getMessage());
    return message.contains(cause) ? message : message + ": " + cause;
  }
}
