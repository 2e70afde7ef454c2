package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a connection may take for its request and for the answer. */
class ConnectionTimesTest {

  @TempDir private Path folder;

  private LimitedServer limited;

  @BeforeEach
  void start() throws Exception {
    limited = new LimitedServer(folder);
  }

  @AfterEach
  void stop() throws Exception {
    limited.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "G",
        "GET / HTTP/1.1\r\nHost: localhost\r\nX: ",
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf",
        "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nha",
      })
  void closesAConnectionThatBringsNoWholeRequest(String half) throws Exception {
    limited.restart(TestServer.REQUEST_TIME);

    assertThat(limited.answer(half)).isEmpty();
  }

  @Test
  void closesAConnectionThatSendsItsRequestByteByByte() throws Exception {
    limited.restart(TestServer.REQUEST_TIME);
    Socket socket = limited.open(LimitedServer.GET);
    await()
        .pollInterval(TestServer.REQUEST_TIME.dividedBy(6))
        .until(
            () -> {
              try {
                socket.getOutputStream().write('X');
                return false;
              } catch (IOException e) {
                return true;
              }
            });
  }

  @Test
  void closesAConnectionThatIsIdleAfterARequest() throws Exception {
    limited.restart(TestServer.REQUEST_TIME);

    await().until(() -> limited.answer(LimitedServer.GET + "\r\n").endsWith("root"));
  }

  @Test
  void takesItsTimeForARequestThatWasSentBehindAnother() throws Exception {
    limited.restart(TestServer.REQUEST_TIME);

    await()
        .until(
            () ->
                limited.answer(
                    LimitedServer.GET
                        + "\r\nGET /slow HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
            answer -> answer.contains("root") && answer.endsWith("slow"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/large", "/bytes"})
  void closesAConnectionWhoseClientTakesNothing(String path) throws Exception {
    limited.restart(TestServer.REQUEST_TIME);
    await().until(() -> isAnswered(limited.openPath(path)));

    await().until(() -> limited.server().connections() == 0);
  }

  /** Takes the first byte. */
  private static boolean isAnswered(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() == 'H';
    } catch (SocketException reset) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/large", "/bytes"})
  void servesAClientThatTakesItSlowly(String path) throws Exception {
    // given
    Duration writeTime = TestServer.REQUEST_TIME.multipliedBy(4);
    limited.restart(writeTime.dividedBy(2));
    // when: again if the client was held up for so long that it may be cut off
    Taken taken =
        await()
            .until(
                () -> take(path, writeTime.dividedBy(12)),
                all -> all.isAll() || all.longest().compareTo(writeTime.dividedBy(2)) < 0);
    // then
    assertThat(taken.isAll()).as("all of it, not " + taken).isTrue();
  }

  /** What a client got, and how long it took for the part that it took longest for. */
  private record Taken(long bytes, Duration longest) {

    static final int PARTS = 31;
    static final int PART = 1 << 20;

    boolean isAll() {
      return bytes == (long) PARTS * PART;
    }
  }

  /** Takes an answer in parts, with pauses between the first ones. */
  private Taken take(String path, Duration pause) throws Exception {
    long start = System.nanoTime();
    long bytes = 0;
    Duration longest = Duration.ZERO;
    InputStream in = limited.openPath(path).getInputStream();
    try {
      for (int part = 0; part < Taken.PARTS; part++) {
        bytes += in.readNBytes(Taken.PART).length;
        await().pollDelay(part < 16 ? pause : Duration.ZERO).until(() -> true);
        Duration taken = Duration.ofNanos(System.nanoTime() - start);
        longest = taken.compareTo(longest) > 0 ? taken : longest;
        start = System.nanoTime();
      }
    } catch (SocketException reset) {
      // the end as well
    }
    return new Taken(bytes, longest);
  }
}
