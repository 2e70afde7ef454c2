package dev.caravan.observe.http;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Has one request after the other do what occupies a core while a run may be measured. Few wait,
 * and not for long: each takes a thread that others, such as the health check, need.
 */
final class Turns {

  private static final int MOST_WAITING = 3;
  private static final long WAIT_SECONDS = 5;

  private final ReentrantLock lock = new ReentrantLock(true);

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
    if (waiting() >= MOST_WAITING || !lock.tryLock(WAIT_SECONDS, TimeUnit.SECONDS)) {
      throw new HttpProblemException(503, "others are being compared; try again in a moment");
    }
    try {
      return answer.make();
    } finally {
      lock.unlock();
    }
  }
}
