package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.config.FixedRules;
import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.hub.FleetView;
import dev.caravan.model.Batch;
import dev.caravan.observe.events.EventFeed;
import dev.caravan.observe.events.EventLog;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.changes.PipelineListeners;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.hooks.BatchHooks;
import dev.caravan.pipeline.record.Recorder;
import dev.caravan.storage.HomeId;
import dev.caravan.storage.Json;
import dev.caravan.testing.SampleTree;
import dev.caravan.testing.ScratchHome;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchCatalogTest {

  @Test
  void callsABatchFinishedOnceAllOfItIsWritten(@TempDir Path folder) throws Exception {
    // given: who looks while the report is written, which comes after the summary, and at the end
    SampleTree trees = new SampleTree(folder);
    ScratchHome home = trees.home();
    Batch batch = trees.batch("b", "concurrency: [1]", "");
    for (Path claimed : home.files.list(home.home.claimed())) {
      Files.delete(claimed);
    }
    PageUpdates updates = new PageUpdates(new EventFeed(EventLog.none()));
    PipelineListeners listeners = new PipelineListeners();
    Recorder recorder = new Recorder(home.files, home.open, null, listeners, BatchHooks.NONE);
    BatchCatalog catalog = new BatchCatalog(context(home, recorder, updates));
    List<String> seen = new ArrayList<>();
    listeners.add(updates);
    listeners.add(
        change -> {
          if (change instanceof PipelineChange.ResultsChanged
              || change instanceof PipelineChange.Closed) {
            seen.add(change.getClass().getSimpleName() + " " + finished(catalog, batch));
          }
        });
    recorder.begin(batch);

    // when
    trees.succeeded(batch.run(0), 100, 50);
    recorder.recordIfDone(batch.run(0));

    // then
    assertThat(seen).containsExactly("ResultsChanged 1 ended, false", "Closed 1 ended, true");
  }

  @Test
  void saysOfASearchThatGoesOnThatThereMayBeFewerRuns(@TempDir Path folder) throws Exception {
    // given
    SampleTree trees = new SampleTree(folder);
    ScratchHome home = trees.home();
    String slo = "slo: {request_latency_ms_p99: 500}\n";
    Batch search =
        trees.batch(
            "batch_name: s\n" + FixedRules.BASE + slo + "search: {concurrency: [1, 512]}\n");
    Batch sweep = trees.batch("b", "concurrency: [1, 2]", "");
    PageUpdates updates = new PageUpdates(new EventFeed(EventLog.none()));
    Recorder recorder =
        new Recorder(home.files, home.open, null, new PipelineListeners(), BatchHooks.NONE);
    recorder.begin(search);
    recorder.begin(sweep);
    WebContext context = context(home, recorder, updates);
    String page = "0 of %s ended";

    // when
    try (WebServer server =
        WebServer.start(
            WebAppFactory.of(context, new HttpSecurity(context.settings()), FleetView.NONE),
            "127.0.0.1",
            0)) {
      // then
      String batches = "http://127.0.0.1:" + server.port() + "/fragments/batches/";
      assertThat(text(batches + search.id())).contains(page.formatted("at most 37 runs"));

      assertThat(text(batches + sweep.id())).contains(page.formatted("2 runs"));
    }
  }

  @Test
  void refusesAnIdThatBatchesInTwoFoldersHave(@TempDir Path folder) throws Exception {
    // given
    try (HomeServer server = new HomeServer(folder)) {
      ScratchHome home = server.trees.home();
      Batch batch = server.trees.batch("b", "concurrency: [1, 2]", "");
      server.trees.batch("batch_name: c\noutput_base_dir: r2\n" + FixedRules.BASE);
      Path other = home.home.root().resolve("r2").resolve(batch.id());
      String record = Files.readString(batch.folder().resolve("batch.json"));
      SampleTree.write(
          other.resolve("batch.json"), record.replace(batch.record().claimId(), "feed0123"));

      // when
      List<HttpResponse<String>> answers =
          List.of(
              server.get("/api/v1/batches/" + batch.id()),
              server.get("/api/v1/find?name=" + batch.id()));

      // then
      for (HttpResponse<String> answer : answers) {
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body())
            .contains("2 batches are called", batch.folder().toString(), other.toString());
      }
    }
  }

  @Test
  void listsWhatAnotherHomeExecutesAsTheCommandDoes(@TempDir Path folder) throws Exception {
    // given: a copied home, which got another id than its batches name
    try (HomeServer server = new HomeServer(folder)) {
      ScratchHome home = server.trees.home();
      Batch batch = server.trees.batch("b", "concurrency: [1, 2]", "");
      Batch ended = server.trees.batch("ended", "concurrency: [1]", "");
      server.trees.summarise(ended, true);
      Batch unlisted = server.trees.batch("unlisted", "concurrency: [1]", "");
      home.files.delete(home.home.claimed());
      home.open.remove(unlisted.record().claimId());
      HomeId.of(home.home, home.files);

      // when
      JsonNode queue = Json.MAPPER.readTree(server.get("/api/v1/status").body()).path("queue");

      // then
      assertThat(queue.findValuesAsText("batch")).containsExactly(batch.id());
      assertThat(queue.get(0).path("state").asText()).isEqualTo("of another home");
      assertThat(server.get("/").body()).contains("of another home");
    }
  }

  private static String text(String url) throws Exception {
    try (InputStream in = URI.create(url).toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String finished(BatchCatalog catalog, Batch batch) {
    try {
      BatchCatalog.CatalogEntry entry = catalog.entry(batch.id());
      return entry.ended() + " ended, " + entry.finished();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static WebContext context(ScratchHome home, Recorder recorder, PageUpdates updates) {
    Settings settings = Settings.of(home.home.root(), Map.of(), new Properties());
    return new WebContext(
        settings,
        home.files,
        home.batches,
        BatchFinder.of(settings),
        new ControlStore(home.files),
        recorder,
        () -> new DaemonStatus(1, 1, null, List.of(), List.of()),
        List::of,
        updates);
  }
}
