package dev.caravan.observe.http;

import dev.caravan.storage.RegularFiles;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;

/**
 * Writes a response in parts, each when the client has taken the one before. A client that does not
 * take a part in time loses its connection, so that no reader holds one forever.
 */
final class GuardedWriter {

  private static final int PART = 256 << 10;

  private final Vertx vertx;
  private final HttpServerResponse response;
  private final Runnable cutOff;
  private final long limitMillis;

  /** A part of what is to be written, read from where it lies. */
  private interface Source {
    Future<Buffer> part(long offset, int length);
  }

  GuardedWriter(RoutingContext context, Duration limit) {
    this.vertx = context.vertx();
    this.response = context.response();
    this.cutOff = () -> Connections.cut(context.request().connection());
    this.limitMillis = limit.toMillis();
  }

  /** Writes a text to a stream that goes on. */
  Future<Void> write(String text) {
    return guarded(response.write(text));
  }

  /** Writes all of a response. */
  Future<Void> end(byte[] content) {
    Buffer all = Buffer.buffer(content);
    return content.length <= PART
        ? guarded(response.end(all))
        : parts(
            (from, length) -> Future.succeededFuture(all.slice((int) from, (int) from + length)),
            0,
            content.length);
  }

  /** Writes a part of a file; fails before the first byte if the file cannot be opened. */
  Future<Void> end(HttpResponse.FileRange part) {
    return vertx
        .executeBlocking(() -> RegularFiles.open(part.file()), false)
        .compose(
            file ->
                parts(
                        (from, length) ->
                            vertx.executeBlocking(() -> read(file, from, length), false),
                        part.offset(),
                        part.length())
                    .eventually(() -> vertx.executeBlocking(() -> closed(file), false)));
  }

  private Future<Void> parts(Source source, long from, long length) {
    Promise<Void> done = Promise.promise();
    next(source, from, length, done);
    return done.future();
  }

  private void next(Source source, long from, long left, Promise<Void> done) {
    int length = (int) Math.min(PART, left);
    source
        .part(from, length)
        .compose(part -> guarded(left > length ? response.write(part) : response.end(part)))
        .onFailure(done::tryFail)
        .onSuccess(
            written -> {
              if (left > length) {
                next(source, from + length, left - length, done);
              } else {
                done.tryComplete();
              }
            });
  }

  private Future<Void> guarded(Future<Void> write) {
    long timer = vertx.setTimer(limitMillis, late -> cutOff.run());
    return write.onComplete(done -> vertx.cancelTimer(timer));
  }

  private static Buffer read(FileChannel file, long from, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, from + bytes.position()) < 0) {
        throw new EOFException("the file became shorter");
      }
    }
    return Buffer.buffer(bytes.array());
  }

  private static boolean closed(FileChannel file) throws IOException {
    file.close();
    return true;
  }
}
