package dev.caravan.pipeline.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptDigestTest {

  @TempDir Path folder;

  private String digest(String json) throws IOException {
    return PromptDigest.of(Files.writeString(folder.resolve("inputs.json"), json));
  }

  private static String inputs(String session, String prompt) {
    return """
        {"data": [{"session_id": "%s", "payloads": [{"messages": [{"content": "%s"}]}]}]}
        """
        .formatted(session, prompt);
  }

  @Test
  void thePromptsDecideAndTheirSessionsDoNot() throws IOException {
    assertThat(digest(inputs("one", "hello")))
        .hasSize(64)
        .isEqualTo(digest(inputs("two", "hello")))
        .isNotEqualTo(digest(inputs("one", "hello!")));
  }

  @Test
  void thereIsNoneOfWhatCannotBeRead() throws IOException {
    assertThat(PromptDigest.of(folder.resolve("none"))).isEmpty();
    assertThat(PromptDigest.of(folder)).isEmpty();
    assertThat(digest("{\"data\": [")).isEmpty();
    assertThat(digest("x")).isEmpty();
  }
}
