package dev.caravan.pipeline.target;

import java.io.IOException;
import java.io.InputStream;
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
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;

/**
 * Ends an exchange that takes longer than the limit, body included, and takes no more than 64 KiB
 * of the body. The client's own limits are for each wait on the socket: a target that sends one
 * byte a second would keep them happy for ever.
 */
final class TargetDeadline implements ExecChainHandler {

  private static final int MOST_BYTES = 64 * 1024;

  private final Duration limit;
  private final ScheduledExecutorService timer;

  TargetDeadline(Duration limit, ScheduledExecutorService timer) {
    this.limit = limit;
    this.timer = timer;
  }

  @Override
  public ClassicHttpResponse execute(
      ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    AtomicBoolean late = new AtomicBoolean();
    ScheduledFuture<?> alarm =
        timer.schedule(() -> end(scope, late), limit.toNanos(), TimeUnit.NANOSECONDS);
    try (ClassicHttpResponse response = chain.proceed(request, scope)) {
      return copy(response);
    } catch (IOException | RuntimeException e) {
      if (late.get()) {
        throw (IOException) new SocketTimeoutException("took longer than the limit").initCause(e);
      }
      throw e;
    } finally {
      alarm.cancel(false);
    }
  }

  private static void end(ExecChain.Scope scope, AtomicBoolean late) {
    late.set(true);
    if (scope.originalRequest instanceof Cancellable exchange) {
      exchange.cancel();
    }
  }

  private static ClassicHttpResponse copy(ClassicHttpResponse response) throws IOException {
    ClassicHttpResponse copy =
        new BasicClassicHttpResponse(response.getCode(), response.getReasonPhrase());
    for (Header header : response.getHeaders()) {
      if (!isAboutTransfer(header.getName())) {
        copy.addHeader(header);
      }
    }
    if (response.getEntity() != null) {
      ContentType type = ContentType.parseLenient(response.getEntity().getContentType());
      copy.setEntity(new ByteArrayEntity(start(response), type));
    }
    return copy;
  }

  private static byte[] start(ClassicHttpResponse response) throws IOException {
    try (InputStream body = response.getEntity().getContent()) {
      byte[] start = body.readNBytes(MOST_BYTES);
      if (start.length == MOST_BYTES) {
        response.close();
      }
      return start;
    }
  }

  private static boolean isAboutTransfer(String header) {
    return header.equalsIgnoreCase(HttpHeaders.CONTENT_LENGTH)
        || header.equalsIgnoreCase(HttpHeaders.TRANSFER_ENCODING);
  }
}
