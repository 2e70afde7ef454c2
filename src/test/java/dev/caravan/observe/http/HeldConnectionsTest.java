package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.testing.CapturedLog;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No connection or body that a client holds keeps others from being served, or the server from its
 * end.
 */
class HeldConnectionsTest {

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

  @Test
  void servesOthersWhileHalfRequestsTakeAllConnections() throws Exception {
    for (int n = 0; n < 120; n++) {
      limited.open("GET / HTTP/1.1\r\n");
      if (n % 20 == 0) {
        assertThat(limited.server().get("/").body()).isEqualTo("root");
      }
    }
    assertThat(limited.server().get("/").body()).isEqualTo("root");
    await().until(() -> limited.server().connections() <= 30);
  }

  @Test
  void holdsNoMoreOfAllBodiesThanTheirBudget() throws Exception {
    // given: two requests that are not whole
    byte[] part = new byte[2 << 20];
    for (int n = 0; n < 2; n++) {
      Socket socket =
          limited.open("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000000\r\n\r\n");
      socket.getOutputStream().write(part);
    }
    await().until(() -> limited.server().bodyBytes() == 2 * part.length);

    // when
    var refused = limited.server().post("/", part);

    // then
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("retry-after")).isPresent();
    assertThat(limited.server().post("/", new byte[10]).statusCode()).isEqualTo(200);

    // when
    limited.leave();

    // then
    await().until(() -> limited.server().post("/", part).statusCode() == 200);
  }

  @Test
  void answersForAFileThatIsGone() throws Exception {
    // when
    var response = limited.server().get("/gone");

    // then
    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(limited.server().get("/").body()).isEqualTo("root");
  }

  @Test
  void closesAtOnceWhileClientsHoldConnections() throws Exception {
    // given
    for (String path : List.of("/events", "/api/v1/events", "/large", "/slow")) {
      limited.openPath(path);
    }
    limited.open("GET / HTTP/1.1\r\n");
    await()
        .until(() -> limited.server().streams.open() == 2 && limited.server().connections() == 5);

    try (CapturedLog log = CapturedLog.of(WebServer.class)) {
      // when
      limited.server().close();

      // then
      assertThat(log.lines()).as("it says so when it gives up").isEmpty();
    }
  }
}
