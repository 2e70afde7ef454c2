package dev.caravan.fleet.hub;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.HookEvent;
import dev.caravan.fleet.protocol.Assignment;
import dev.caravan.fleet.protocol.ResultArchive;
import dev.caravan.pipeline.outcome.HookRecord;
import dev.caravan.pipeline.outcome.HookRun;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Kind;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the hub sends runs to workers, and for how long it takes them to be there. */
class AssignedRunsTest {

  @TempDir private Path folder;

  private HubFixture fixture;
  private HubService hubService;

  @BeforeEach
  void start() throws Exception {
    fixture = new HubFixture(folder);
    hubService = fixture.hub(fixture.scratch.files);
  }

  @Test
  void tellsTheNextWorkerWhichHooksAnAttemptHasRun() throws Exception {
    // given: a worker ran a hook, and then its target was not ready
    Path worker = Files.createDirectory(folder.resolve("worker"));
    HookRun hook = HookRun.started(HookEvent.BEFORE_POINT, "reset", "hook_before_point.log");
    HookRun over = hook.ended(HookRun.Status.SUCCEEDED, Duration.ZERO, OptionalInt.of(0), "");
    Path record = Files.write(worker.resolve("hooks.json"), HookRecord.none(1).with(over).json());
    Path archive = folder.resolve("archive.zip");
    try (OutputStream to = Files.newOutputStream(archive)) {
      ResultArchive.pack(
          hubService.assign(fixture.order).deliveryId(),
          "w",
          RunReport.on(fixture.order, Kind.NOT_READY, "loading"),
          worker,
          List.of(record),
          false,
          to);
    }
    // when
    hubService.acknowledge(hubService.deliver(archive).deliveryId());
    Assignment again = (Assignment) hubService.assign(fixture.order).message();
    // then
    assertThat(again.attempt()).isEqualTo(1);
    assertThat(again.earlierHooks().last(HookEvent.BEFORE_POINT)).isPresent();
    assertThat(names(fixture.run.folder())).doesNotContain("attempts");
  }

  /** Dispatch may release it again before its outcome is acknowledged. */
  @Test
  void sendsARunAgainUnderANewIdWhileItsLastOutcomeIsBeingRecorded() throws Exception {
    // given
    String first = hubService.assign(fixture.order).deliveryId();
    Path archive = folder.resolve("archive.zip");
    try (OutputStream to = Files.newOutputStream(archive)) {
      RunReport report = RunReport.on(fixture.order, Kind.NOT_READY, "loading");
      ResultArchive.pack(first, "w", report, folder, List.of(), false, to);
    }
    hubService.deliver(archive);

    // when
    String second = hubService.assign(fixture.order).deliveryId();
    hubService.acknowledge(first);

    // then: the broker would drop a message with the old id
    assertThat(second).isNotEqualTo(first);
    assertThat(hubService.inFlight()).extracting(InFlightRun::deliveryId).containsExactly(second);
    assertThat(hubService.assign(fixture.order).deliveryId()).isEqualTo(second);
    assertThat(names(fixture.scratch.home.state().resolve("in-flight")))
        .containsExactly(second + ".json");
  }

  @Test
  void doesNotExpireARunWhoseOutcomeIsBeingRecorded() throws Exception {
    // given
    hubService.deliver(fixture.archive(hubService.assign(fixture.order).deliveryId()));

    // when
    List<RunReport> lost = new ArrayList<>();
    for (int second = 0; second < 200; second++) {
      fixture.now.addAndGet(Duration.ofSeconds(1).toNanos());
      fixture.monitor().hubHeartbeat(fixture.monitor().heartbeat(List.of(), id -> false));
      lost.addAll(hubService.expired());
    }

    // then
    assertThat(lost).isEmpty();
    assertThat(fixture.run.folder().resolve("process_result.json")).exists();
  }
}
