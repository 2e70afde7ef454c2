package dev.caravan.observe.http;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * What clients may use of the daemon.
 *
 * @param connections connections at the same time
 * @param streams event streams at the same time, over fewer connections than there are so that
 *     pages still answer
 * @param bodyBytes bytes of the bodies of all requests that are being read or answered
 * @param requestTime within which a connection must bring a whole request, also its next one
 */
record HttpLimits(int connections, int streams, long bodyBytes, Duration requestTime) {

  private static final int MAX_CONNECTIONS = 2000;
  private static final long MAX_BODY_BYTES = 64L << 20;
  private static final Duration REQUEST_TIME = Duration.ofSeconds(30);

  /** Uses at most a quarter of the files that this process may open; runs need the others. */
  static HttpLimits ofProcess() {
    long files =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? unix.getMaxFileDescriptorCount()
            : MAX_CONNECTIONS;
    int connections = (int) Math.max(8, Math.min(MAX_CONNECTIONS, files / 4));
    return new HttpLimits(connections, connections / 2, MAX_BODY_BYTES, REQUEST_TIME);
  }

  /** Within which a client must take what is written to it. */
  Duration writeTime() {
    return requestTime.multipliedBy(2);
  }

  /** How often connections are checked. */
  Duration sweep() {
    return requestTime.dividedBy(30);
  }
}
