package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.model.Batch;
import dev.caravan.pipeline.accept.BatchLock;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Leftovers;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** The exit codes and outputs of {@code prune}. */
@ResourceLock(Resources.SYSTEM_ERR)
@ResourceLock(Resources.SYSTEM_OUT)
class PruneCommandTest {

  @TempDir private Path folder;

  private SampleTree tree;
  private String out;
  private String err;

  @BeforeEach
  void prepare() throws IOException {
    tree = new SampleTree(folder);
  }

  private Batch batch(boolean finished) throws Exception {
    Batch batch = tree.home().accept("batch_name: nightly\n" + FixedRules.BASE);
    tree.succeeded(batch.run(0), 1_000, 100);
    SampleTree.write(batch.folder().resolve("inputs.json"), "prompt ".repeat(10_000));
    tree.summarise(batch, finished);
    if (finished) {
      new Leftovers(new DurableFiles()).createEmpty(tree.home().home.claimed());
      tree.home().open.remove(batch.record().claimId());
    }
    return batch;
  }

  private int execute(String... args) {
    ExecutedCommand command =
        ExecutedCommand.in(
            folder, Stream.concat(Stream.of("prune"), Stream.of(args)).toArray(String[]::new));
    out = command.out();
    err = command.err();
    return command.exit();
  }

  @Test
  void saysWhatItWouldDoAndDoesIt() throws Exception {
    // given
    Batch old = batch(true);
    Batch open = batch(false);
    batch(true);

    // when, then
    assertThat(execute("--keep", "1", "--dry-run")).isEqualTo(Exit.OK);
    assertThat(out.lines())
        .anyMatch(line -> line.matches("Would delete " + old.id() + ": 7\\d\\.\\d kB"))
        .contains("Stays: " + open.id() + ": it has not finished")
        .anyMatch(line -> line.matches("Would free 7\\d\\.\\d kB: 1 batch\\."));
    assertThat(old.folder()).exists();

    // when, then
    assertThat(execute("--older", "1d", "--compress")).isEqualTo(Exit.OK);
    assertThat(out).contains("Compressed " + old.id() + ": ").contains(" kB: 2 batches.");
    assertThat(old.folder().resolve("files.zip")).exists();

    // when, then
    assertThat(execute("--keep", "1", "--name", "nightly")).isEqualTo(Exit.OK);
    assertThat(out).contains("Deleted " + old.id());
    assertThat(old.folder()).doesNotExist();
    assertThat(open.folder()).exists();

    // when, then
    assertThat(execute("--keep", "1", "--name", "nightly")).isEqualTo(Exit.OK);
    assertThat(out).endsWith("Nothing to prune.\n");
  }

  @Test
  void leavesABatchToWhoHoldsItAndGoesOn() throws Exception {
    // given
    Batch held = batch(true);
    Batch old = batch(true);
    batch(true);

    // when
    try (BatchLock lock = BatchLock.take(held)) {
      assertThat(lock).isNotNull();
      assertThat(execute("--keep", "1")).isEqualTo(Exit.OK);
    }

    // then
    assertThat(out)
        .contains("Stays: " + held.id() + ": this process is already running or pruning ")
        .contains("Deleted " + old.id())
        .contains(": 1 batch.\n");
    assertThat(held.folder().resolve("inputs.json")).exists();
  }

  @Test
  void refusesWhatItCannotDoAsAWhole() throws Exception {
    // given
    batch(true);
    batch(true);

    // when, then
    assertThat(execute()).isEqualTo(Exit.REFUSED);
    assertThat(execute("--keep", "0")).isEqualTo(Exit.REFUSED);
    assertThat(execute("--keep", "1", "--older", "1d")).isEqualTo(Exit.REFUSED);
    assertThat(execute("--keep", "1", "--name", "nightli")).isEqualTo(Exit.REFUSED);
    assertThat(err).contains("there is no batch of the name \"nightli\"");

    // given
    SampleTree.write(tree.home().home.state().resolve("baselines/release.json"), "{");

    // when, then
    assertThat(execute("--keep", "1")).isEqualTo(Exit.REFUSED);
    assertThat(err).contains("not known which batch the baseline \"release\" is of");
    assertThat(Files.list(folder.resolve("aiperf_results/nightly"))).hasSize(2);
  }
}
