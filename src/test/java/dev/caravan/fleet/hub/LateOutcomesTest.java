package dev.caravan.fleet.hub;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.PowerCut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where the outcome of a run goes that has counted as lost. */
class LateOutcomesTest {

  private static final String[] EXPORTS = {
    "profile_export_aiperf.csv",
    "profile_export_aiperf.json",
    "profile_export.jsonl",
    "phases/profiling/profile_export_aiperf.json",
    "phases/profiling/profile_export.jsonl",
  };

  private static final List<String> SUPERSEDED =
      List.of(
          "phases/profiling/superseded_export.json",
          "phases/profiling/superseded_requests.jsonl",
          "process_result.json",
          "profile_export_aiperf.csv",
          "run_metadata.json",
          "superseded_export.json",
          "superseded_requests.jsonl");

  @TempDir private Path folder;

  @Test
  void isKeptAcrossAHubRestart() throws Exception {
    // given
    HubFixture fixture = new HubFixture(folder);
    String deliveryId = fixture.lose(fixture.hub(fixture.scratch.files));
    HubService next = fixture.hub(fixture.scratch.files);
    String again = next.assign(fixture.order).deliveryId();

    // when
    ReceivedResult late = next.deliver(fixture.archive(deliveryId));

    // then
    assertThat(again).isNotEqualTo(deliveryId);
    assertThat(late.needsRecording()).isFalse();
    assertThat(fixture.run.folder().resolve("attempts/1/process_result.json"))
        .content()
        .contains("crashed");
    assertThat(fixture.run.folder().resolve("process_result.json")).doesNotExist();
  }

  @Test
  void isNoPointToProgramsThatSearchTheTree() throws Exception {
    // given
    HubFixture fixture = new HubFixture(folder);
    HubService hub = fixture.hub(fixture.scratch.files);
    String deliveryId = fixture.lose(hub);
    String again = hub.assign(fixture.order).deliveryId();

    // when
    hub.deliver(fixture.archive(deliveryId, EXPORTS));
    hub.deliver(fixture.archive(again, EXPORTS));

    // then
    assertThat(filesOf(fixture.run.folder().resolve("attempts/1"))).isEqualTo(SUPERSEDED);
    assertThat(fixture.run.folder().resolve("attempts/1/superseded_export.json"))
        .hasContent("profile_export_aiperf.json");
    assertThat(fixture.run.folder().resolve("profile_export_aiperf.json")).exists();
    assertThat(fixture.run.folder().resolve("phases/profiling/profile_export.jsonl")).exists();
  }

  @Test
  void staysWithItsWorkerWhenTheHubDoesNotTakeIt() throws Exception {
    // given
    HubFixture fixture = new HubFixture(folder);
    HubService hub = fixture.hub(fixture.scratch.files);
    String deliveryId = fixture.lose(hub);

    // when
    Path archive = fixture.archive(deliveryId, HubFixture.namesBeyondAList());
    hub.acknowledge(hub.deliver(archive).deliveryId());

    // then
    assertThat(hub.heartbeat().refused()).containsExactly(deliveryId);
  }

  @ParameterizedTest
  @EnumSource
  void isNoPointEitherAfterAPowerCutAtAnyMoment(PowerCut.When when) throws Exception {
    boolean wasCut = true;
    for (int fatal = 1; wasCut; fatal++) {
      // given
      String at = when + " change " + fatal;
      HubFixture fixture = new HubFixture(Files.createDirectory(folder.resolve(at)));
      Path archive = fixture.archive(fixture.lose(fixture.hub(fixture.scratch.files)), EXPORTS);
      PowerCut disk = new PowerCut(fatal, when);

      // when
      deliver(fixture, archive, disk);

      // then
      Path attempt = fixture.run.folder().resolve("attempts/1");
      wasCut = !disk.neverHappened();
      assertThat(Files.exists(attempt) ? filesOf(attempt) : List.of())
          .as(at)
          .noneMatch(name -> name.endsWith("aiperf.json") || name.endsWith("export.jsonl"));

      // when: the broker delivers it once more
      deliver(fixture, archive, new DurableFiles());

      // then
      assertThat(filesOf(attempt)).as(at).isEqualTo(SUPERSEDED);
      assertThat(names(fixture.run.batch().folder().getParent()))
          .as(at)
          .containsExactly(fixture.run.batch().folder().getFileName().toString());
    }
  }

  private static void deliver(HubFixture fixture, Path archive, DurableFiles files)
      throws Exception {
    try {
      assertThat(fixture.hub(files).deliver(archive).needsRecording()).isFalse();
    } catch (PowerCut.PowerCutError cut) {
      assertThat(cut).hasMessageStartingWith("power cut");
    }
  }

  private static List<String> filesOf(Path attempt) throws IOException {
    try (Stream<Path> all = Files.walk(attempt)) {
      return all.filter(Files::isRegularFile)
          .map(file -> attempt.relativize(file).toString())
          .sorted()
          .toList();
    }
  }
}
