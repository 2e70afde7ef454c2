package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.model.Run;
import dev.caravan.testing.CapturedLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A key in the query of an endpoint, which aiperf needs and no file of a run shows. */
class QuerySecretFilesTest extends RunStageTestBase {

  private static final String SECRET = "sk-0123456789abcdef";

  @Test
  void isInNoFileOfARun() throws Exception {
    // given
    String config = RunStageFixture.BASE + "  endpoint: /v1/x?api-version=7&api_key=" + SECRET;
    Run run = stage.accept(config.replace("fake-ok", "fake-show") + "\n").run(0);
    try (CapturedLog log = CapturedLog.of(ArtifactMasker.class)) {
      // when
      stage.execute(run);
      // then
      assertThat(log.lines()).isEmpty();
    }
    assertThat(withTheSecret(run.folder())).isEmpty();
    JsonNode metadata = json(run, "run_metadata.json");
    String shown = "/v1/x?api-version=7&api_key=********";
    assertThat(metadata.path("base_config").path("endpoint").asText()).isEqualTo(shown);
    assertThat(metadata.path("command").asText()).contains("--endpoint '" + shown + "'");
    JsonNode result = json(run, "process_result.json");
    assertThat(result.path("args").toString()).contains(shown);
    assertThat(result.path("executed").toString()).contains(shown);
    assertThat(result.path("reasons").toString()).doesNotContain("API key");
    assertThat(run.folder().resolve("stdout.log")).content().contains("api_key=********");
  }

  @Test
  void isPassedToAiperf() throws Exception {
    // given
    String endpoint = "/v1/x?api_key=" + SECRET;
    Run run = stage.accept(RunStageFixture.BASE + "  endpoint: " + endpoint + "\n").run(0);
    // when
    Attempt attempt = stage.runs.prepare(stage.runs.take(RunStageFixture.order(run)));
    // then
    assertThat(attempt.launch().orElseThrow().argv()).contains(endpoint);
  }

  @Test
  void isInNoLineOfTheLog() throws Exception {
    // given
    String config = RunStageFixture.BASE + "  endpoint: /v1/x?api_key=" + SECRET;
    Run run = stage.accept(config.replace("fake-ok", "fake-exit-3") + "\n").run(0);
    Logger logger = (Logger) LoggerFactory.getLogger(RunLogLines.class);
    logger.setLevel(Level.DEBUG);
    try (CapturedLog log = CapturedLog.of(RunLogLines.class)) {
      // when
      stage.execute(run);
      // then
      assertThat(log.lines())
          .anyMatch(line -> line.contains("api_key=********"))
          .noneMatch(line -> line.contains(SECRET));
    } finally {
      logger.setLevel(null);
    }
  }

  private static JsonNode json(Run run, String name) throws IOException {
    return new ObjectMapper().readTree(run.folder().resolve(name).toFile());
  }

  private static List<Path> withTheSecret(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !List.of("config.yaml").contains(file.getFileName().toString()))
          .filter(QuerySecretFilesTest::hasTheSecret)
          .toList();
    }
  }

  private static boolean hasTheSecret(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1).contains(SECRET);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
