package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.model.Batch;
import dev.caravan.testing.SampleTree;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** What {@code list} and {@code report} find. */
@ResourceLock(Resources.SYSTEM_ERR)
@ResourceLock(Resources.SYSTEM_OUT)
class ReportCommandTest {

  @TempDir private Path folder;

  @BeforeEach
  void writeABatch() throws Exception {
    SampleTree tree = new SampleTree(folder);
    Batch batch = tree.home().accept("batch_name: nightly\n" + FixedRules.BASE);
    tree.succeeded(batch.run(0), 1_000, 100);
    tree.summarise(batch, true);
  }

  @Test
  void listsBatchesOfAnOutcome() {
    // when
    ExecutedCommand failed = ExecutedCommand.in(folder, "list", "--outcome", "failed");
    ExecutedCommand succeeded = ExecutedCommand.in(folder, "list", "--outcome", "succeeded");

    // then
    assertThat(failed.out()).isEqualTo("No batches.\n");
    assertThat(succeeded.out()).contains("nightly/");
    assertThat(failed.exit()).isEqualTo(succeeded.exit()).isEqualTo(Exit.OK);
  }

  @Test
  void refusesToReportABatchThatIsNotThere() {
    // when
    ExecutedCommand report = ExecutedCommand.in(folder, "report", "latest~1");

    // then
    assertThat(report.exit()).isEqualTo(Exit.REFUSED);
    assertThat(report.err()).contains("there is no batch \"latest~1\"");
    assertThat(folder.resolve("report.html")).doesNotExist();
  }
}
