package dev.caravan.pipeline.run;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Has a run stage with a fake aiperf in a folder of its own for each test. */
abstract class RunStageTestBase {

  @TempDir Path folder;
  RunStageFixture stage;

  @BeforeEach
  void openStage() throws IOException {
    stage = RunStageFixture.in(folder);
  }

  @AfterEach
  void closeStage() throws IOException {
    stage.close();
  }
}
