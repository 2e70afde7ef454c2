package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParseException;
import dev.caravan.model.Batch;
import dev.caravan.storage.Json;
import dev.caravan.testing.CapturedLog;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client is told when the disk does not do what it asked for. */
class DiskTroubleTest {

  @TempDir private Path folder;

  static Stream<Arguments> troubles() {
    IOException full = new IOException("No space left on device");
    IOException file = new FileSystemException("/h/x", null, "No space left on device");
    IOException quota = new FileSystemException("/h/x", "/h/y", "Disk quota exceeded");
    return Stream.of(
        Arguments.of(full, "No space left on device"),
        Arguments.of(file, "/h/x: No space left on device"),
        Arguments.of(quota, "/h/x: Disk quota exceeded"),
        Arguments.of(
            new FileSystemException("/h/x", null, "Read-only file system"),
            "/h/x: Read-only file system"),
        Arguments.of(new AccessDeniedException("/h/x"), "/h/x: permission denied"),
        Arguments.of(new IOException("cannot submit", file), "/h/x: No space left on device"),
        Arguments.of(
            new IllegalStateException(new UncheckedIOException(full)), "No space left on device"));
  }

  @ParameterizedTest
  @MethodSource("troubles")
  void saysWhatTheDiskSaid(Exception trouble, String words) throws Exception {
    // given
    try (TestServer server = failing(trouble);
        CapturedLog log = CapturedLog.of(WebApp.class)) {
      // when
      HttpResponse<String> reply = server.post("/change", new byte[0]);

      // then
      assertThat(reply.statusCode()).isEqualTo(503);
      assertThat(reply.headers().firstValue("Retry-After")).isPresent();
      assertThat(Json.MAPPER.readTree(reply.body()).path("detail").asText()).isEqualTo(words);
      assertThat(log.lines()).containsExactly("Not done: POST /change: " + words);
      assertThat(log.traces()).isEmpty();
    }
  }

  static Stream<Exception> bugs() {
    return Stream.of(
        new IllegalStateException("a bug"),
        new JsonParseException(null, "a bug"),
        new UncheckedIOException(new JsonParseException(null, "a bug")));
  }

  @ParameterizedTest
  @MethodSource("bugs")
  void keepsTheTraceOfABug(Exception bug) throws Exception {
    // given
    try (TestServer server = failing(bug);
        CapturedLog log = CapturedLog.of(WebApp.class)) {
      // when
      HttpResponse<String> reply = server.post("/change", new byte[0]);

      // then
      assertThat(reply.statusCode()).isEqualTo(500);
      assertThat(reply.body()).contains("internal error").doesNotContain("a bug");
      assertThat(log.traces()).containsExactly("Request failed: POST /change");
    }
  }

  @Test
  void saysWhyAChangeIsNotMade() throws Exception {
    // given: a home that takes no orders
    try (HomeServer server = new HomeServer(folder)) {
      Batch batch = server.trees.batch("b", "concurrency: [1]", "");
      Path orders = server.trees.home().home.root().resolve(".caravan/control");
      Files.deleteIfExists(orders);
      SampleTree.write(orders, "no folder");

      // when
      HttpResponse<String> reply =
          server.post("/api/v1/batches/" + batch.id() + "/pause", "application/json", "{}");

      // then
      assertThat(reply.statusCode()).isEqualTo(503);
      assertThat(reply.body()).contains(orders + ": is ").doesNotContain("Exception");
    }
  }

  private TestServer failing(Exception trouble) throws IOException {
    Routes routes =
        new Routes()
            .on(
                "POST",
                "/change",
                (request, path) -> {
                  throw trouble;
                });
    return new TestServer(folder, routes, Optional.empty());
  }
}
