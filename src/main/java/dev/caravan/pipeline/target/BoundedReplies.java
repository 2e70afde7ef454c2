package dev.caravan.pipeline.target;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.config.Http1Config;

/**
 * Bounds what an Apache HTTP client takes from a server: no server can fill the memory with headers
 * that do not end, or hold a request for longer than it may take.
 */
public final class BoundedReplies implements AutoCloseable {

  private static final int MAX_LINE = 16 << 10;
  private static final int MAX_HEADERS = 100;
  private static final int MAX_BODY_BYTES = 64 << 10;

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(BoundedReplies::timerThread);

  /** A builder of connections that take no longer lines and no more headers. */
  public static PoolingHttpClientConnectionManagerBuilder connections() {
    Http1Config limits =
        Http1Config.custom().setMaxLineLength(MAX_LINE).setMaxHeaderCount(MAX_HEADERS).build();
    return PoolingHttpClientConnectionManagerBuilder.create()
        .setConnectionFactory(
            ManagedHttpClientConnectionFactory.builder().http1Config(limits).build());
  }

  /**
   * Lets an exchange of a client take this long in total, and reads 64 KiB of its body. The client
   * must not use a connection again.
   */
  public void limit(HttpClientBuilder client, Duration total) {
    limit(client, total, MAX_BODY_BYTES);
  }

  /** The same for a client that needs only the status, whatever becomes of the body. */
  public void limitWithoutBody(HttpClientBuilder client, Duration total) {
    limit(client, total, 0);
  }

  private void limit(HttpClientBuilder client, Duration total, int maxBodyBytes) {
    client.addExecInterceptorFirst("deadline", new TargetDeadline(total, maxBodyBytes, timer));
  }

  private static Thread timerThread(Runnable task) {
    Thread thread = new Thread(task, "http-deadline");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
