package dev.caravan.fleet.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.config.HookEvent;
import dev.caravan.fleet.protocol.Assignment;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.outcome.HookRecord;
import dev.caravan.pipeline.outcome.HookRun;
import dev.caravan.pipeline.outcome.HookRun.Status;
import dev.caravan.pipeline.run.RemoteRuns;
import dev.caravan.pipeline.run.RunTree;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.RunFolder;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpooledHooksTest {

  private static final HookRun BOOT = HookRun.started(HookEvent.BEFORE_VARIANT, "boot", "boot.log");

  @TempDir private Path folder;
  private ScratchHome scratch;
  private Spool spool;

  @BeforeEach
  void openSpool() throws IOException {
    scratch = new ScratchHome(Files.createDirectory(folder.resolve("home")));
    scratch.properties.setProperty("caravan.hooks.boot", "true");
    spool = new Spool(scratch.home, new DurableFiles());
  }

  @Test
  void tellsTheHookOfARunThatHasNotEnded() throws Exception {
    // given
    spooled(FixedRules.BASE);
    Assignment hooked = spooled(FixedRules.BASE + "hooks: {before_variant: boot}\n");

    // when
    record(hooked, BOOT);

    // then
    assertThat(hooks())
        .isEqualTo(
            Map.of(hooked.deliveryId(), "hook before_variant (boot) since " + BOOT.startedAt()));

    // when
    record(hooked, BOOT.ended(Status.SUCCEEDED, Duration.ofSeconds(1), OptionalInt.of(0), ""));

    // then
    assertThat(hooks()).isEmpty();
  }

  private Map<String, String> hooks() throws IOException {
    RunTree tree = new RunTree(scratch.batches, scratch.outputs(), scratch.runFolders("w"));
    return new SpooledHooks(spool, new RemoteRuns(tree)).underway();
  }

  private Assignment spooled(String config) throws Exception {
    Run run = scratch.accept(config).run(0);
    Assignment assignment = TestWorker.assignment(run);
    spool.add(assignment);
    return assignment;
  }

  private void record(Assignment assignment, HookRun hook) throws Exception {
    RunOrder order = spool.order(assignment);
    Path run = scratch.batches.load(Path.of(order.batchFolder())).run(0).folder();
    scratch.files.createDirectories(run);
    Files.write(new RunFolder(run).hooks(), HookRecord.none(1).with(hook).json());
  }
}
