package dev.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.app.camel.CamelApp;
import dev.caravan.app.camel.RouteSet;
import dev.caravan.config.settings.Settings;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Owner;
import dev.caravan.pipeline.accept.GivenConfig;
import dev.caravan.pipeline.accept.SourceRules;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.process.AiperfFinder;
import dev.caravan.pipeline.record.OpenResults;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.RunFolder;
import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.ScriptedLlm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A target that goes away while a batch runs, with all routes. */
class TargetLostTest {

  private static final List<String> ROUTES =
      List.of("errors", "dead-letters", "results", "runs", "probe", "dispatch");

  @TempDir Path folder;

  @Test
  void costsOnlyTheRunThatWasRunningAnAttempt() throws Exception {
    // given
    try (ScriptedLlm llm = ScriptedLlm.serving("a", "b", "c");
        Components components =
            Components.of(
                settings(), new DurableFiles(), AiperfFinder.of(settings()), Owner.ONE_SHOT)) {
      Batch batch = accept(components, llm.url(), "model: [a, fake-refused, b, c]");
      OpenResults results = components.recorder().follow(batch);
      Path first = new RunFolder(batch.run(0).folder()).processResult();
      llm.stopsWhen = () -> Files.exists(first); // after the probe of the second run
      components.dispatch().open(batch);
      try (CamelApp camel = camel(components)) {
        // when
        camel.start().createProducerTemplate().sendBody("direct:dispatch-release", "");
        Path lost = batch.run(1).folder().resolve("attempts/1");
        await().until(() -> head(lost).isPresent());
        FakeAiperf.always(bin(), "fake-ok");
        llm.restart();
        results.whenFinished().get(60, TimeUnit.SECONDS);
      }
      // then
      for (int i = 0; i < 4; i++) {
        Head head = head(batch.run(i).folder()).orElseThrow();
        assertThat(head.status()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(head.attempt()).isEqualTo(i == 1 ? 2 : 1);
      }
      assertThat(head(batch.run(1).folder().resolve("attempts/1")).orElseThrow().cause())
          .isEqualTo("target_lost");
    }
  }

  @Test
  void failsARunThatLosesItsTargetRepeatedly() throws Exception {
    // given
    try (ScriptedLlm llm = ScriptedLlm.serving("a");
        Components components =
            Components.of(
                settings(), new DurableFiles(), AiperfFinder.of(settings()), Owner.ONE_SHOT)) {
      Batch batch = accept(components, llm.url(), "model: [fake-refused, a]");
      OpenResults results = components.recorder().follow(batch);
      components.dispatch().open(batch);
      try (CamelApp camel = camel(components)) {
        // when
        camel.start().createProducerTemplate().sendBody("direct:dispatch-release", "");
        results.whenFinished().get(60, TimeUnit.SECONDS);
      }
      // then
      Head lost = head(batch.run(0).folder()).orElseThrow();
      assertThat(lost.cause()).isEqualTo("target_lost");
      assertThat(lost.attempt()).isEqualTo(3);
      assertThat(head(batch.run(1).folder()).orElseThrow().status()).isEqualTo(Outcome.SUCCEEDED);
    }
  }

  private Path bin() {
    return folder.resolve("bin");
  }

  private Settings settings() {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("CARAVAN_AIPERF_COMMAND", FakeAiperf.in(bin()).toString());
    environment.put("CARAVAN_AIPERF_KEY_PASSING", "environment");
    environment.put("CARAVAN_LOCKS_DIR", folder.resolve("locks").toString());
    environment.put("CARAVAN_RUN_MAX_LOST", "3");
    return Settings.of(folder, environment, new Properties());
  }

  private Batch accept(Components components, String url, String sweeps) throws Exception {
    String config =
        """
        base_config:
          model: a
          url: %s
          warmup_request_count: 1
          benchmark_duration: 1
          concurrency: 1
        sweeps: {%s}
        readiness: {preflight: false, interval: 300ms}
        """
            .formatted(url, sweeps);
    Path file = Files.writeString(folder.resolve("c.yaml"), config);
    SourceRules rules = SourceRules.ofCommand(settings(), file);
    GivenConfig given = GivenConfig.read(file, "c.yaml");
    return components.acceptance().acceptFile(file, given, given.check(rules, "c.yaml"), rules);
  }

  private static Optional<Head> head(Path runFolder) throws IOException {
    return ProcessResult.head(new RunFolder(runFolder).processResult());
  }

  private CamelApp camel(Components components) throws IOException {
    return new CamelApp(settings(), "caravan", new RouteSet(ROUTES, components.byName()));
  }
}
