package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.pipeline.environment.ServiceSightings;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a service is compared with what it was before the run and after the run before it. */
class ChangedServiceTest extends RunStageTestBase {

  private WatchedService service;

  @BeforeEach
  void begin() throws IOException {
    service = new WatchedService(stage);
  }

  @AfterEach
  void end() throws IOException {
    service.close();
  }

  @Test
  void knowsWhatTheServiceWasAfterTheLastRun() throws Exception {
    // given
    Batch batch = service.accept();
    service.watched(batch.run(0));
    service.pages.put("/version", "{\"version\": \"0.9.2\"}");
    // when
    ServiceSightings seen = service.watched(batch.run(1));
    // then
    assertThat(seen.previousRun()).isEqualTo("concurrency1");
    assertThat(seen.previous().orElseThrow().changes(seen.before().get(0)))
        .containsExactly("version 0.9.1 → 0.9.2");
  }

  @Test
  void knowsItAlsoAfterARestartOfCaravan() throws Exception {
    // given
    Batch batch = service.accept();
    Attempt attempt = stage.runs.prepare(stage.runs.take(RunStageFixture.order(batch.run(0))));
    stage.runs.finish(attempt, stage.start(attempt));
    // when
    ServiceSightings seen;
    try (ServiceWatch restarted = stage.patientWatch(service.client)) {
      seen = restarted.begin(batch.run(1), 1).ask().sightings();
    }
    // then
    assertThat(seen.previousRun()).isEqualTo("concurrency1");
  }

  @Test
  void expectsAnotherServiceAfterAHook() throws Exception {
    // given
    stage.scratch.properties.setProperty("caravan.hooks.restart", "true");
    Batch batch = service.accept("", "hooks: {before_point: restart}");
    service.watched(batch.run(0));
    service.pages.put("/version", "{\"version\": \"0.9.2\"}");
    // then
    assertThat(service.watched(batch.run(1)).previous()).isEmpty();
  }

  @Test
  void looksAtNoRunThatIsExcluded() throws Exception {
    // given
    Batch batch = service.accept("", "exclude: [{concurrency: 1}]");
    // then
    assertThat(service.watched(batch.run(1)).previous()).isEmpty();
  }

  @Test
  void comparesAVariantWithItsOwnLastRun() throws Exception {
    // given: one service, restarted with another version for the second variant
    Batch batch = service.accept("", "variants: {a: , b: }");
    service.watched(batch.run(0));
    service.watched(batch.run(1));
    service.pages.put("/version", "{\"version\": \"0.9.2\"}");
    // when
    ServiceSightings seen = service.watched(batch.run(2));
    // then
    assertThat(seen.previous()).isEmpty();
  }

  @Test
  void asksAServiceThatSeemsRestartedUntilTheFormerProcessAnswers() throws Exception {
    // given: after the run, the first two questions reach another replica
    Run run = service.accept().run(0);
    ServiceWatch.Watched watched = service.watch.begin(run, 1);
    watched.ask().sightings();
    String other = startedNow();
    service.nextMetrics.addAll(List.of(other, other));
    // when
    ServiceSightings seen = watched.ask().sightings();
    // then
    assertThat(seen.after().orElseThrow().processStart().orElseThrow())
        .isGreaterThan(1_764_327_600.5);
    assertThat(seen.again()).hasSize(2);
    assertThat(seen.again().get(0).processStart()).isEqualTo(seen.after().get().processStart());
    assertThat(seen.again().get(1).processStart()).hasValue(1_764_327_600.5);
  }

  @Test
  void asksAServiceThatHasRestartedAFewTimesAndAnotherVersionNotAgain() throws Exception {
    // given
    Run run = service.accept().run(0);
    ServiceWatch.Watched watched = service.watch.begin(run, 1);
    watched.ask().sightings();
    // when
    service.pages.put("/metrics", startedNow());
    ServiceSightings restarted = watched.ask().sightings();
    service.pages.put("/version", "{\"version\": \"0.9.2\"}");
    ServiceSightings upgraded = watched.ask().sightings();
    // then
    assertThat(restarted.again()).hasSize(4).allMatch(restarted.after().orElseThrow()::isSame);
    assertThat(upgraded.again()).isEmpty();
  }

  private static String startedNow() {
    return "process_start_time_seconds %d\n".formatted(Instant.now().getEpochSecond());
  }
}
