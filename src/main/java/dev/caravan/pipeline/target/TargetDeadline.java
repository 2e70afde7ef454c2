package dev.caravan.pipeline.target;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;

/**
 * Cancels an exchange that takes longer than the limit, including the body, and reads at most so
 * much of the body. The client's own timeouts apply to each socket read, so a target that sends one
 * byte per second would never exceed them.
 */
final class TargetDeadline implements ExecChainHandler {

  private final Duration limit;
  private final int maxBodyBytes;
  private final ScheduledExecutorService timer;

  TargetDeadline(Duration limit, int maxBodyBytes, ScheduledExecutorService timer) {
    this.limit = limit;
    this.maxBodyBytes = maxBodyBytes;
    this.timer = timer;
  }

  @Override
  public ClassicHttpResponse execute(
      ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    AtomicBoolean expired = new AtomicBoolean();
    ScheduledFuture<?> timeout =
        timer.schedule(() -> cancel(scope, expired), limit.toNanos(), TimeUnit.NANOSECONDS);
    try {
      return copy(chain.proceed(request, scope));
    } catch (IOException | RuntimeException e) {
      if (expired.get()) {
        throw (IOException) new SocketTimeoutException("limit exceeded").initCause(e);
      }
      if (e instanceof IllegalArgumentException) { // such as a status 000
        throw new ProtocolException(e.getMessage(), e);
      }
      throw e;
    } finally {
      timeout.cancel(false);
      // Not closed, which would first read the rest of the body: it may have no end.
      scope.execRuntime.discardEndpoint();
    }
  }

  private static void cancel(ExecChain.Scope scope, AtomicBoolean expired) {
    expired.set(true);
    if (scope.originalRequest instanceof Cancellable exchange) {
      exchange.cancel();
    }
  }

  private ClassicHttpResponse copy(ClassicHttpResponse response) throws IOException {
    ClassicHttpResponse copy =
        new BasicClassicHttpResponse(response.getCode(), response.getReasonPhrase());
    for (Header header : response.getHeaders()) {
      if (!isTransferHeader(header.getName())) {
        copy.addHeader(header);
      }
    }
    if (response.getEntity() != null && maxBodyBytes > 0) {
      byte[] start = response.getEntity().getContent().readNBytes(maxBodyBytes);
      ContentType type = ContentType.parseLenient(response.getEntity().getContentType());
      copy.setEntity(new ByteArrayEntity(start, type));
    }
    return copy;
  }

  private static boolean isTransferHeader(String header) {
    return header.equalsIgnoreCase(HttpHeaders.CONTENT_LENGTH)
        || header.equalsIgnoreCase(HttpHeaders.TRANSFER_ENCODING);
  }
}
