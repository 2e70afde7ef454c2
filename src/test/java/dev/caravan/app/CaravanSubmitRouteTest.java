package dev.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.config.yaml.YamlSource;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.CamelExecutionException;
import org.junit.jupiter.api.Test;

class CaravanSubmitRouteTest extends RouteTest {

  private static final String URI = "direct:caravan-submit";
  private static final String ID = "CaravanSubmissionId";

  private final AtomicBoolean broken = new AtomicBoolean();

  @Override
  List<String> files() {
    return List.of("caravan");
  }

  @Override
  List<String> mocked() {
    return List.of("dispatch-release", "dead-letters-keep");
  }

  @Override
  Map<String, String> environment() {
    return Map.of("SOME_API_KEY", "sk-some");
  }

  @Override
  void replace(Map<String, Object> byName) {
    try {
      byName.putAll(new SubmissionComponents(settings, durableFiles(), components).byName());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  DurableFiles durableFiles() {
    return new DurableFiles() {
      @Override
      public void writeWhole(Path file, byte[] content) throws IOException {
        if (broken.get()) {
          throw new IOException("No space left on device, for this test");
        }
        super.writeWhole(file, content);
      }
    };
  }

  @Test
  void acceptsTextBytesAndStreamsAndRepliesWithTheBatch() throws Exception {
    // given
    byte[] bytes = RunsRoute.CONFIG.getBytes(StandardCharsets.UTF_8);
    // when
    List<JsonNode> replies =
        List.of(submit(RunsRoute.CONFIG), submit(bytes), submit(new ByteArrayInputStream(bytes)));
    // then
    assertThat(replies)
        .allSatisfy(reply -> assertThat(reply.path("result").asText()).isEqualTo("accepted"))
        .extracting(reply -> reply.path("batch").asText())
        .doesNotHaveDuplicates()
        .allSatisfy(id -> assertThat(home.root().resolve("aiperf_results").resolve(id)).exists());
    await()
        .untilAsserted(
            () ->
                assertThat(getMockEndpoint("mock:dispatch-release").getReceivedCounter())
                    .isEqualTo(3));
  }

  @Test
  void makesOneBatchOfAMessageThatComesTwice() {
    // when
    Object first = template.requestBodyAndHeader(URI, RunsRoute.CONFIG, ID, "kafka-1");
    Object again = template.requestBodyAndHeader(URI, RunsRoute.CONFIG, ID, "kafka-1");
    Object next = template.requestBodyAndHeader(URI, RunsRoute.CONFIG, ID, "kafka-2");
    // then
    assertThat(again).isEqualTo(first).isNotEqualTo(next);
  }

  @Test
  void refusesWithAllProblems() {
    // when
    JsonNode invalid = submit("base_config: {model: m, urll: x}\n");
    JsonNode large = submit("#".repeat(YamlSource.MAX_BYTES + 10));
    JsonNode empty = submit(null);
    // then
    assertThat(invalid.path("result").asText()).isEqualTo("refused");
    assertThat(invalid.path("problems").toString()).contains("urll", "benchmark_duration");
    assertThat(large.path("problems").toString()).contains("at most 1048576 bytes");
    assertThat(empty.path("problems").toString()).contains("no body");
  }

  @Test
  void allowsNoKeysUnlessTheSettingsDo() {
    // when
    JsonNode reply =
        submit(RunsRoute.CONFIG.replace("model:", "api_key_env_var: SOME_API_KEY\n  model:"));
    // then
    assertThat(reply.path("result").asText()).isEqualTo("refused");
    assertThat(reply.path("problems").toString()).contains("api_key_env_var");
  }

  @Test
  void failsSoThatTheSenderTriesAgainWhenItCannotStoreTheConfig() {
    // given
    broken.set(true);
    // then
    assertThatThrownBy(() -> submit(RunsRoute.CONFIG))
        .isInstanceOf(CamelExecutionException.class)
        .hasRootCauseMessage("No space left on device, for this test");
  }

  private JsonNode submit(Object body) {
    return Json.read(template.requestBody(URI, body, String.class), JsonNode.class);
  }
}
