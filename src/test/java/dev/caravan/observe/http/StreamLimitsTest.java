package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.pipeline.changes.PipelineChange;
import java.io.BufferedReader;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of events: how many there may be, how long, and when they end. */
class StreamLimitsTest {

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
  @ValueSource(strings = {"/events", "/api/v1/events"})
  void countsAStreamUntilItsClientLeaves(String path) throws Exception {
    // given
    limited.server().events.events().changed(new PipelineChange.WorkerJoined("a", List.of()));
    for (int round = 0; round < 40; round++) {
      // when: some leave at once, some after the first line, some by a reset
      Socket socket = limited.openPath(path);
      if (round % 3 > 0) {
        LimitedServer.lines(socket).readLine();
      }
      if (round % 2 == 0) {
        socket.setSoLinger(true, 0);
      }
      socket.close();
    }

    // then
    await().untilAsserted(() -> assertThat(limited.server().streams.open()).isZero());
    assertThat(limited.openPath(path).getInputStream().read()).isEqualTo('H');
    await().until(() -> limited.server().streams.open() == 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/events", "/api/v1/events"})
  void asksAProxyToPassAStreamOnAtOnce(String path) throws Exception {
    assertThat(
            LimitedServer.lines(limited.openPath(path)).lines().takeWhile(line -> !line.isBlank()))
        .contains("X-Accel-Buffering: no");
  }

  @Test
  void refusesOneStreamTooManyAndStillServesPages() throws Exception {
    // given
    for (int n = 0; n < LimitedServer.STREAMS; n++) {
      limited.openPath(n % 2 == 0 ? "/events" : "/api/v1/events");
    }
    await().until(() -> limited.server().streams.open() == LimitedServer.STREAMS);

    // when
    var refused = limited.server().get("/events");

    // then
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("retry-after")).isPresent();
    assertThat(refused.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(limited.server().get("/").body()).isEqualTo("root");
  }

  @Test
  void keepsAStreamOpenLongerThanARequestMayTake() throws Exception {
    // given
    limited.restart(TestServer.REQUEST_TIME);
    BufferedReader stream = await().until(this::begunStream, Optional::isPresent).orElseThrow();
    await().pollDelay(TestServer.REQUEST_TIME.multipliedBy(2)).until(() -> true);

    // when
    limited.server().events.events().changed(new PipelineChange.WorkerJoined("late", List.of()));

    // then
    assertThat(stream.lines().anyMatch(line -> line.contains("late"))).isTrue();
  }

  /** Empty if this thread was held up before it had sent the request. */
  private Optional<BufferedReader> begunStream() throws Exception {
    BufferedReader stream = LimitedServer.lines(limited.openPath("/api/v1/events"));
    try {
      return Optional.ofNullable(stream.readLine()).map(status -> stream);
    } catch (SocketException reset) {
      return Optional.empty();
    }
  }
}
