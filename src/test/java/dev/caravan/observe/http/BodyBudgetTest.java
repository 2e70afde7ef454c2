package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.Socket;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The memory for bodies of requests, while handlers work on them. */
class BodyBudgetTest {

  @TempDir private Path folder;
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    Routes routes =
        new Routes()
            .on("POST", "/", (request, path) -> HttpResponse.html(200, "posted"))
            .on("POST", "/held", (request, path) -> held());
    server = new TestServer(folder, routes, Optional.empty());
  }

  private HttpResponse held() {
    begun.countDown();
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return HttpResponse.html(200, "held");
  }

  @AfterEach
  void stop() throws Exception {
    release.countDown();
    server.close();
  }

  @Test
  void countsABodyUntilItsHandlerIsDoneAlsoWhenItsClientHasLeft() throws Exception {
    // given
    try (Socket socket =
        server.connect(
            "POST /held HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000000\r\n\r\n")) {
      socket.getOutputStream().write(new byte[4_000_000]);
      begun.await();
      socket.setSoLinger(true, 0); // closes it by a reset
    }
    await().until(() -> server.connections() == 0);
    byte[] large = new byte[2_000_000];

    // when
    int before = server.post("/", large).statusCode();
    release.countDown();

    // then
    assertThat(before).isEqualTo(503);
    await().until(() -> server.post("/", large).statusCode() == 200);
  }
}
