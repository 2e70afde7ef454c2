package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestTailTest {

  @TempDir Path folder;

  @Test
  void findsTheLastErrorHoweverLong() throws IOException {
    // given: what a server's traceback looks like
    String message = "File \\\"/opt/vllm/engine.py\\\", line 1; ".repeat(200);
    // when
    RequestTail tail =
        tail(
            "{\"error\":{\"message\":\"first\"}}\n{\"error\":{\"code\":500,\"message\":\""
                + message
                + "\"}}\n{\"error\":null}\n{\"err");
    // then
    assertThat(tail.lastError()).hasValue(message.replace("\\", ""));
  }

  @Test
  void passesLinesThatAreNotAiperfs() throws IOException {
    // when
    RequestTail tail =
        tail(
            """
            {"metadata":{"request_end_ns":1764000000000000000},"error":{"message":7}}
            {"metadata":{"request_end_ns":9999999999999999999},"error":"x"}
            {"metadata":{"request_end_ns":null},"error":[{}]}
            {"metadata":7}
            null
            []
            """
                + "{\"error\":{".repeat(20_000));
    // then
    assertThat(tail.lastError()).isEmpty();
    assertThat(tail.lastEnd()).hasValue(Instant.ofEpochSecond(1_764_000_000));
  }

  @Test
  void isEmptyWithoutAFile() {
    assertThat(RequestTail.of(folder.resolve("none"), 10).lastEnd()).isEmpty();
  }

  private RequestTail tail(String text) throws IOException {
    return RequestTail.of(Files.writeString(folder.resolve("requests"), text), 1 << 20);
  }
}
