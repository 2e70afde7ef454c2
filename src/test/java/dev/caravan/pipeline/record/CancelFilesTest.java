package dev.caravan.pipeline.record;

import static dev.caravan.pipeline.record.TestDaemon.FOUR;
import static dev.caravan.pipeline.record.TestDaemon.summary;
import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file in the inbox named like a batch cancels it. */
class CancelFilesTest {

  @TempDir private Path folder;
  private TestDaemon daemon;

  @BeforeEach
  void setUp() throws IOException {
    daemon = TestDaemon.in(folder);
  }

  @ParameterizedTest
  @ValueSource(strings = {"night.cancel", "night.TIME.cancel"})
  void cancelsTheBatchNamedByACancelFileInTheInbox(String name) throws Exception {
    // given
    Batch batch = daemon.take(FOUR);
    Batch other = daemon.take(FOUR.replace("night", "night2"));
    String file = name.replace("TIME", batch.folder().getFileName().toString());
    daemon.scratch.drop(file, "");
    // when
    daemon.controlFiles.apply();
    // then
    assertThat(daemon.runToTheEnd(Outcome.SUCCEEDED)).hasSize(4);
    assertThat(summary(other).counters().of(Outcome.SUCCEEDED)).isEqualTo(4);
    assertThat(summary(batch).counters().of(Outcome.CANCELLED)).isEqualTo(4);
    assertThat(names(daemon.scratch.home.inbox())).doesNotContain(file);
    assertThat(names(daemon.scratch.home.done())).contains(file);
    Control.Order order = new ControlStore(new DurableFiles()).of(batch).cancelled().orElseThrow();
    assertThat(order.by()).isEqualTo(Files.getOwner(daemon.scratch.home.root()).getName());
  }

  @Test
  void refusesACancelFileWithALongName() throws Exception {
    // given
    String name = "x".repeat(248) + ".cancel";
    daemon.scratch.drop(name, "");
    daemon.controlFiles.apply();
    daemon.scratch.drop(name, "");
    // when
    daemon.controlFiles.apply();
    // then
    assertThat(names(daemon.scratch.home.inbox())).doesNotContain(name);
    assertThat(names(daemon.scratch.home.failed()))
        .hasSize(4)
        .filteredOn(kept -> kept.endsWith(".problems.txt"))
        .hasSize(2);
  }

  @Test
  void refusesLinksAndCancelFilesThatNameNoBatch() throws Exception {
    // given
    Batch batch = daemon.take(FOUR);
    Path elsewhere = Files.writeString(folder.resolve("precious"), "keep");
    Files.createSymbolicLink(daemon.scratch.home.inbox().resolve("night.cancel"), elsewhere);
    daemon.scratch.drop("nobody.cancel", "");
    // when
    daemon.controlFiles.apply();
    // then
    assertThat(names(daemon.scratch.home.failed()))
        .containsExactly(
            "night.cancel",
            "night.cancel.problems.txt",
            "nobody.cancel",
            "nobody.cancel.problems.txt");
    assertThat(elsewhere).hasContent("keep");
    assertThat(names(batch.folder())).doesNotContain("control.json");
  }
}
