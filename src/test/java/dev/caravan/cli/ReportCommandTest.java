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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--outcome=faild | there is no outcome \"faild\"; did you mean \"failed\"?",
        "--since=3w | \"3w\" is not an age: write a whole number and a unit (s, m, h or d)",
        "no-such-folder | there is no folder no-such-folder"
      })
  void refusesToListWhatCannotBe(String argument, String message) {
    // when
    ExecutedCommand list = ExecutedCommand.in(folder, "list", argument);

    // then
    assertThat(list.exit()).isEqualTo(Exit.REFUSED);
    assertThat(list.out()).isEmpty();
    assertThat(list.err()).contains(message);
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
