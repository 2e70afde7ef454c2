package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.config.settings.Settings;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.observe.events.EventFeed;
import dev.caravan.observe.events.EventLog;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import dev.caravan.storage.Json;
import dev.caravan.testing.SampleTree;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The comparison of batches over HTTP. */
class CompareApiTest {

  private SampleTree trees;
  private Routes routes;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    trees = new SampleTree(folder);
    Settings settings = Settings.of(trees.home().home.root(), Map.of(), new Properties());
    WebContext context =
        HomeServer.context(
            trees.home(), settings, List::of, new PageUpdates(new EventFeed(EventLog.none())));
    routes = new Routes();
    new CompareApi(context, new BatchCatalog(context)).routes(routes);
  }

  private Batch batch(String name, double tokens) throws Exception {
    Batch batch = trees.batch(name, "concurrency: [1, 2]", "engine: " + name);
    CheckResults lengths =
        new CheckResults(
            List.of(new Finding("lengths", Level.WARNING, 61, 5, "61 of 100", "a: b")),
            List.of("lengths"),
            Map.of(),
            Map.of());
    trees.checked(batch.run(0), Outcome.SUCCEEDED, lengths, tokens, 50);
    trees.succeeded(batch.run(1), 2 * tokens, 60);
    trees.summarise(batch, true);
    return batch;
  }

  private HttpResponse get(String path, Map<String, List<String>> query) throws Exception {
    Routes.Route route =
        routes.all().stream().filter(each -> each.path().equals(path)).findFirst().orElseThrow();
    return route
        .handler()
        .handle(new HttpRequest("GET", path, query, Map.of(), new byte[0], "::1"), Map.of());
  }

  private static String text(HttpResponse response) {
    return new String(((HttpResponse.Bytes) response.body()).content(), StandardCharsets.UTF_8);
  }

  private static String ids(Batch... batches) {
    return Stream.of(batches)
        .map(batch -> URLEncoder.encode(batch.id(), StandardCharsets.UTF_8))
        .collect(Collectors.joining(","));
  }

  @Test
  void tellsPointsSettingsAndFindingsOfFinishedBatches() throws Exception {
    // given
    String ids = ids(batch("a", 100), batch("b", 120));

    // when
    JsonNode json =
        Json.MAPPER.readTree(text(get("/api/v1/compare", Map.of("batches", List.of(ids)))));

    // then
    assertThat(json.at("/plots")).hasSize(1);
    assertThat(json.at("/plots/0/series/1/pareto")).hasSize(2);
    assertThat(json.at("/batches/0/points/0/checks/0/advice").asText()).isEqualTo("a: b");
    assertThat(json.at("/batches/0/checks/found/0/message").asText()).isEqualTo("61 of 100");
    assertThat(json.at("/differing/0/key").asText()).isEqualTo("label engine");
    assertThat(json.at("/settings/0/common/model").isMissingNode()).isFalse();
    assertThat(json.at("/comparisons")).isEmpty();
  }

  @Test
  void judgesEachBatchAgainstTheBase() throws Exception {
    // given
    Batch a = batch("a", 100);
    Batch b = batch("b", 120);
    Map<String, List<String>> query =
        Map.of("batches", List.of(ids(a, b)), "base", List.of(b.id()));

    // when
    JsonNode json = Json.MAPPER.readTree(text(get("/api/v1/compare", query)));
    String html = text(get("/fragments/compare", query));

    // then
    assertThat(json.at("/comparisons")).hasSize(1);
    assertThat(json.at("/comparisons/0/base/name").asText()).isEqualTo(b.id());
    assertThat(html).contains("cv-sentence", a.id()).doesNotContain("<script");
  }

  @Test
  void refusesMoreThanItCanCompare() throws Exception {
    // given
    Batch small = batch("a", 100);
    String values =
        IntStream.rangeClosed(1, 6000).mapToObj(String::valueOf).collect(Collectors.joining(","));
    Batch large = trees.batch("large", "concurrency: [" + values + "]", "");
    Batch larger = trees.batch("larger", "concurrency: [" + values + "]", "");
    String many = IntStream.range(0, 51).mapToObj(n -> "b%2F" + n).collect(Collectors.joining(","));

    // then
    assertThatThrownBy(() -> ask(ids(large, larger))).hasMessageContaining("12000 runs");
    assertThatThrownBy(() -> ask(many)).hasMessageContaining("at most 50 batches");
    assertThatThrownBy(() -> ask("")).hasMessageContaining("must name the batches");
    assertThatThrownBy(() -> ask("no%2Fsuch")).hasMessageContaining("no batch no/such");
    assertThatThrownBy(() -> ask("..%2F..")).hasMessageContaining("no batch");
    assertThatThrownBy(
            () ->
                get(
                    "/api/v1/compare",
                    Map.of("batches", List.of(ids(small)), "base", List.of("x/y"))))
        .hasMessageContaining("base must be one of");
  }

  private HttpResponse ask(String ids) throws Exception {
    return get("/api/v1/compare", Map.of("batches", List.of(ids)));
  }

  @Test
  void comparesABatchThatHasNotBegun() throws Exception {
    // given
    Batch a = batch("a", 100);
    Batch open = trees.batch("open", "concurrency: [1, 2]", "");

    // when
    JsonNode json = Json.MAPPER.readTree(text(ask(ids(a, open))));

    // then
    assertThat(json.at("/plots/0/note").asText()).contains("No run has completed in " + open.id());
  }
}
