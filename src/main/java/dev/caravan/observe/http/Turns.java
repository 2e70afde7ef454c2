package dev.caravan.observe.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Serializes requests that keep a core busy, since a run may be measured meanwhile. Few requests
 * wait, and not for long: each takes a thread that others, such as the health check, need.
 */
final class Turns {

  /** How long a page lets a reader wait. */
  static final Duration OF_A_PAGE = Duration.ofSeconds(5);

  private static final int MOST_WAITING = 3;

  private final ReentrantLock lock = new ReentrantLock(true);
  private final Duration patience;

  /** Turns for which a request waits at most so long. */
  Turns(Duration patience) {
    this.patience = patience;
  }

  /** What answers a request. */
  interface Answer {
    HttpResponse make() throws Exception;
  }

  /** About how many wait. */
  int waiting() {
    return lock.getQueueLength();
  }

  /**
   * The answer, made when it is its turn.
   *
   * @throws HttpProblemException with status 503 when that takes too long
   */
  HttpResponse take(Answer answer) throws Exception {
    if (waiting() >= MOST_WAITING || !lock.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new HttpProblemException(503, "other requests are being served; try again in a moment");
    }
    try {
      return answer.make();
    } finally {
      lock.unlock();
    }
  }
}
