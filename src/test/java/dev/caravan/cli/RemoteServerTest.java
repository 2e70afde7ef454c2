package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefusedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How commands get along with a daemon that is killed while it answers. */
class RemoteServerTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"0123456789abcdef\nghijkl", "0123456789\u0000abc", "t\u00f6ken-0123456789"})
  void saysThatATokenFileHoldsNoToken(String content) throws IOException {
    // given
    Files.writeString(folder.resolve("token"), content);
    RemoteServer withToken =
        new RemoteServer(
            URI.create("http://127.0.0.1:" + daemon.getAddress().getPort()),
            Settings.of(folder, Map.of("CARAVAN_HTTP_TOKEN_FILE", "token"), new Properties()));

    // then
    assertThatThrownBy(() -> withToken.get("status"))
        .isInstanceOf(SettingsRefusedException.class)
        .hasMessageContaining("token")
        .hasMessageNotContaining("0123456789");
  }

  private final AtomicInteger killed = new AtomicInteger(2);
  private HttpServer daemon;
  private RemoteServer server;

  @TempDir private Path folder;

  @BeforeEach
  void startDaemon() throws IOException {
    daemon = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    daemon.createContext("/", this::answer);
    daemon.start();
    server =
        new RemoteServer(
            URI.create("http://127.0.0.1:" + daemon.getAddress().getPort()),
            Settings.of(folder, Map.of(), new Properties()));
  }

  private void answer(HttpExchange exchange) throws IOException {
    if (killed.getAndDecrement() > 0) {
      exchange.close();
      return;
    }
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().write("{\"total\": 7}".getBytes());
    exchange.close();
  }

  @AfterEach
  void stopDaemon() {
    daemon.stop(0);
  }

  @Test
  void asksAgainForABatchThatIsFollowed() throws Exception {
    assertThat(server.patient().get("list").path("total").asInt()).isEqualTo(7);
  }

  @Test
  void saysThatTheConnectionBroke() {
    assertThatThrownBy(() -> server.get("list"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("127.0.0.1")
        .hasMessageContaining("broke off");
  }
}
