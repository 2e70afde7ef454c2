package dev.caravan.fleet.hub;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.PowerCut;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A power cut at every change that a hub makes while it takes the outcome of a run. */
class DeliveryCutTest {

  private static final String[] FILES = {"stdout.log", "stderr.log", "logs/aiperf.log", "x/y/z"};

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void takesAllOfAnOutcomeWhenItIsDeliveredAgain(PowerCut.When when) throws Exception {
    int cuts = 0;
    for (boolean wasCut = true; wasCut; cuts++) {
      // given
      String at = when + " change " + (cuts + 1);
      HubFixture fixture = new HubFixture(Files.createDirectory(folder.resolve(at)));
      HubService first = fixture.hub(fixture.scratch.files);
      Path archive = fixture.archive(first.assign(fixture.order).deliveryId(), FILES);
      PowerCut disk = new PowerCut(cuts + 1, when);

      // when
      deliver(fixture, archive, disk);
      wasCut = !disk.neverHappened();
      deliver(fixture, archive, new DurableFiles());

      // then
      Path run = fixture.run.folder();
      assertThat(run.resolve("process_result.json")).as(at).content().contains("crashed");
      for (String name : FILES) {
        assertThat(run.resolve(name)).as(at).hasContent(name);
      }
      assertThat(names(fixture.scratch.home.dead()))
          .as(at)
          .filteredOn(name -> !name.startsWith("."))
          .hasSize(1);
      assertThat(names(fixture.run.batch().folder().getParent()))
          .as(at)
          .containsExactly(fixture.run.batch().folder().getFileName().toString());
    }
    assertThat(cuts).isGreaterThan(5);
  }

  private static void deliver(HubFixture fixture, Path archive, DurableFiles files)
      throws Exception {
    try {
      HubService hub = fixture.hub(files);
      ReceivedResult received = hub.deliver(archive);
      hub.acknowledge(received.deliveryId());
    } catch (PowerCut.PowerCutError cut) {
      assertThat(cut).hasMessageStartingWith("power cut");
    }
  }
}
