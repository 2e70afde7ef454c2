package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.storage.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the pages and the API answer to a config that is checked or submitted. */
class SubmittedConfigPagesTest {

  @TempDir private Path folder;

  private HomeServer server;

  @BeforeEach
  void start() throws Exception {
    server = new HomeServer(folder);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void showsAnExampleThatIsValidAndThePlanOfAConfigAsATable() throws Exception {
    // given
    Matcher example =
        Pattern.compile("<pre id=\"example\"[^>]*>(.*?)</pre>", Pattern.DOTALL)
            .matcher(server.get("/submit").body());
    assertThat(example.find()).isTrue();

    // when
    String plan = server.submitPage("/submit/check", example.group(1)).body();

    // then
    assertThat(plan).contains("Valid: 5 runs", "<th scope=\"col\">concurrency</th>");
    assertThat(plan).contains("<th scope=\"row\" class=\"cv-num\">5</th><td>16</td>");
    String variants =
        HomeServer.CONFIG.formatted("x", "out")
            + "repeat: 2\nvariants: {before: {model: a}, after: {model: b}}\n";
    assertThat(server.submitPage("/submit/check", variants).body())
        .contains("<th scope=\"col\">variant</th><th scope=\"col\">repeat</th>")
        .contains("<td>after</td><td>2</td>");
  }

  @Test
  void repliesWithTheWarningsOfAConfig() throws Exception {
    // given: a daemon that accepts what is in the inbox
    Thread daemon = new Thread(this::accept);
    daemon.start();

    // when
    JsonNode reply =
        Json.MAPPER.readTree(
            server
                .post("/api/v1/batches", HomeServer.FORM, HomeServer.CONFIG.formatted("x", "out"))
                .body());

    // then
    assertThat(reply.path("state").asText()).isEqualTo("accepted");
    assertThat(reply.path("warnings").toString()).contains("request_rate_mode");
  }

  private void accept() {
    Path inbox = server.trees.home().home.inbox();
    await()
        .until(
            () -> {
              try (var files = Files.list(inbox)) {
                for (Path file : files.filter(SubmittedConfigPagesTest::isPlaced).toList()) {
                  server.updates.acceptance(file.getFileName().toString()).complete("x/1");
                  return true;
                }
              }
              return false;
            });
  }

  /** A config is written under a name that starts with a dot, and then renamed. */
  private static boolean isPlaced(Path file) {
    return Files.isRegularFile(file) && !file.getFileName().toString().startsWith(".");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "  api_key_env_var: sk-0123456789abcdef",
        "  api_key: sk-0123456789abcdef",
        "  api_key: \"sk-0123456789abcdef",
        "  url: http://user:sk-0123456789abcdef@127.0.0.1:9/v1"
      })
  void doesNotRepeatAPastedKey(String line) throws Exception {
    // given
    String yaml =
        HomeServer.CONFIG.formatted("x", "out").replace("  model: m", "  model: m\n" + line);

    for (String path : List.of("/submit/check", "/submit")) {
      // when
      String page = server.submitPage(path, yaml).body();

      // then
      assertThat(page).as(path).contains("problem").doesNotContain("sk-0123456789abcdef");
    }
    assertThat(server.post("/api/v1/validate", HomeServer.FORM, yaml).body())
        .doesNotContain("sk-0123456789abcdef");
  }

  @Test
  void saysWhatKeptAValidConfigFromBeingSubmitted() throws Exception {
    // given: a config that is larger than the limit
    String yaml = "# " + "x".repeat(1 << 20) + "\n" + HomeServer.CONFIG.formatted("x", "out");

    // then
    assertThat(server.submitPage("/submit", yaml).body())
        .contains("larger than 1 MiB")
        .doesNotContain("Valid:");
  }

  @Test
  void takesAConfigUpToTheLimitAsCurlAndAsThePageSendIt() throws Exception {
    // given
    String yaml = HomeServer.CONFIG.formatted("x", "out") + "#".repeat((1 << 20) - 300) + "\n";

    // then
    assertThat(server.post("/api/v1/validate", HomeServer.FORM, yaml).body())
        .contains("\"runs\" : 1");
    assertThat(server.submitPage("/submit/check", yaml).body()).contains("Valid: 1 run");
  }
}
