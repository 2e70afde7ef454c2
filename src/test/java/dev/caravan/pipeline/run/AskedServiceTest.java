package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.model.Batch;
import dev.caravan.pipeline.environment.Environment;
import dev.caravan.pipeline.environment.ServiceIdentity;
import dev.caravan.pipeline.environment.ServiceSightings;
import dev.caravan.pipeline.process.ProcessExit;
import dev.caravan.pipeline.target.TargetClient;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is asked of the service of a run, and when. */
class AskedServiceTest extends RunStageTestBase {

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
  void asksTwiceBeforeAndOnceAfter() throws Exception {
    // when
    ServiceSightings seen =
        service.watched(service.accept("/v1", "health_check_endpoint: /v1/models").run(0));
    // then
    ServiceIdentity after = seen.after().orElseThrow();
    assertThat(seen.before()).hasSize(2).allMatch(after::isSame);
    assertThat(after.properties())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("model", "fake-ok", "root", "/models/ok", "version", "0.9.1"));
    assertThat(after.processStart()).hasValue(1_764_327_600.5);
    assertThat(seen.previous()).isEmpty();
    assertThat(service.asked)
        .hasSize(9)
        .containsOnly("/v1/models", "/version", "/metrics"); // beside the API, as engines have it
    assertThat(service.keys)
        .containsOnly("Bearer " + stage.scratch.keys.apiKey("SET_API_KEY").get());
  }

  @Test
  void asksWhileAiperfStartsUpAndNotBefore() throws Exception {
    // given
    Attempt attempt =
        stage.runs.prepare(stage.runs.take(RunStageFixture.order(service.accept().run(0))));
    // when
    ProcessExit exit = stage.start(attempt);
    stage.runs.finish(attempt, exit);
    // then
    Path file = new RunFolder(attempt.task().run().folder()).environment();
    assertThat(Environment.read(file).orElseThrow().service().before())
        .hasSize(2)
        .allMatch(seen -> !seen.askedAt().isBefore(exit.startedAt()));
  }

  @Test
  void asksNothingIfAiperfDoesNotStart() throws Exception {
    // given
    Attempt attempt =
        stage.runs.prepare(stage.runs.take(RunStageFixture.order(service.accept().run(0))));
    attempt.stop().stop("cancelled");
    // when
    stage.runs.finish(attempt, stage.start(attempt));
    // then
    Path file = new RunFolder(attempt.task().run().folder()).environment();
    assertThat(Environment.read(file).orElseThrow().service()).isEqualTo(ServiceSightings.NONE);
  }

  @Test
  void asksNothingWhereNoProbeIsWanted() throws Exception {
    assertThat(service.watched(service.accept("", "health_check_endpoint: none").run(0)))
        .isEqualTo(ServiceSightings.NONE);
    assertThat(service.asked).isEmpty();
  }

  @Test
  void asksOnceForWhatAServiceDoesNotHave() throws Exception {
    // given
    service.pages.remove("/version");
    service.pages.remove("/metrics");
    Batch batch = service.accept();
    service.watched(batch.run(0));
    service.asked.clear();
    // when
    ServiceSightings seen = service.watched(batch.run(1));
    // then
    assertThat(service.asked).containsOnly("/v1/models");
    assertThat(seen.after().orElseThrow().properties()).containsOnlyKeys("model", "root");
  }

  @Test
  void isNotHeldUpByWhatHangs() throws Exception {
    // given
    service.pages.put("/version", "hangs");
    Batch batch = service.accept();
    try (TargetClient usual = new TargetClient(Map.of());
        ServiceWatch impatient = new ServiceWatch(stage.scratch.keys, usual)) {
      // when
      ServiceSightings first = impatient.begin(batch.run(0), 1).ask().sightings();
      // then
      assertThat(first.after().orElseThrow().properties()).containsOnlyKeys("model", "root");
      // at once, or when the request has given up
      await()
          .untilAsserted(
              () -> {
                service.asked.clear();
                impatient.begin(batch.run(1), 1).ask().sightings();
                assertThat(service.asked).contains("/v1/models").doesNotContain("/version");
              });
    }
  }

  @Test
  void followsNoRedirectAndReadsNoEndlessPage() throws Exception {
    // given
    service.pages.put("/version", "http://localhost:" + service.port() + "/stolen");
    service.pages.put("/metrics", "x 1\n".repeat(1 << 20) + "process_start_time_seconds 1\n");
    // when
    ServiceSightings seen = service.watched(service.accept().run(0));
    // then
    assertThat(service.asked).doesNotContain("/stolen");
    assertThat(seen.after().orElseThrow().properties()).doesNotContainKey("version");
    assertThat(seen.after().orElseThrow().processStart()).isEmpty();
  }
}
