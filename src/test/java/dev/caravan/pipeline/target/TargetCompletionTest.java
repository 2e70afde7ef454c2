package dev.caravan.pipeline.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.pipeline.process.StopSignal;
import dev.caravan.testing.ScriptedLlm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Completion requests of the target client. */
class TargetCompletionTest {

  private static final String KEY = "sk-secret-0123456789";

  @Test
  void sendsTheBodyWithTheKeyAndMasksTheKeyInTheReply() throws IOException {
    try (ScriptedLlm llm = ScriptedLlm.serving("m").respondWith(401, "no such key: " + KEY);
        TargetClient client = new TargetClient(Map.of())) {
      // when
      TargetReply reply =
          client.complete(
              URI.create(llm.url() + "/v1/x"),
              RequestHeaders.NONE.withBearer(KEY),
              "{\"a\":1}",
              new StopSignal());
      // then
      assertThat(llm.requests).containsExactly("POST /v1/x");
      assertThat(llm.bodies).containsExactly("{\"a\":1}");
      assertThat(llm.authorizations).containsExactly("Bearer " + KEY);
      assertThat(reply.code()).isEqualTo(401);
      assertThat(reply.body()).isEqualTo("no such key: <key>");
    }
  }

  @Test
  void waitsLongerForACompletionThanForAProbe() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        TargetClient client =
            new TargetClient(Map.of(), Duration.ofMillis(100), Duration.ofMillis(800))) {
      // given
      URI uri = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/");
      long start = System.nanoTime();
      // when
      assertThatThrownBy(() -> client.complete(uri, RequestHeaders.NONE, "{}", new StopSignal()))
          .isInstanceOf(SocketTimeoutException.class);
      // then
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(700));
    }
  }

  @Test
  void endsAtOnceOnAStopSignal() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        TargetClient client = new TargetClient(Map.of())) {
      // given
      URI uri = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/");
      StopSignal stop = new StopSignal();
      CompletableFuture<Void> request =
          CompletableFuture.runAsync(
              () ->
                  assertThatThrownBy(() -> client.complete(uri, RequestHeaders.NONE, "{}", stop))
                      .isInstanceOf(IOException.class)
                      .isNotInstanceOf(SocketTimeoutException.class));
      // when
      await().until(() -> silent.accept().isConnected());
      stop.stop("enough");
      // then
      await().until(request::isDone);
      request.join();
    }
  }
}
