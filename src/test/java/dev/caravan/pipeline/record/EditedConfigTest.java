package dev.caravan.pipeline.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.accept.ControlRequest.Action;
import dev.caravan.storage.BatchFolder;
import dev.caravan.testing.CapturedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a batch whose config in the results was edited after it was accepted. */
class EditedConfigTest {

  private static final String LOGGER = "dev.caravan.pipeline.dispatch.EditedConfig";

  @TempDir private Path folder;

  @Test
  void isToldWhenItsBatchIsResumed() throws Exception {
    // given
    Batch batch = take();
    edit(batch);

    try (CapturedLog log = CapturedLog.of(LOGGER)) {
      // when
      TestDaemon daemon = TestDaemon.in(folder);

      // then
      assertThat(log.lines()).singleElement().isEqualTo(line(batch));
      assertThat(daemon.runToTheEnd(Outcome.SUCCEEDED)).hasSize(2);
    }
  }

  @Test
  void isToldWhenARunOfItsBatchIsRepeated() throws Exception {
    // given
    Batch batch = take();
    TestDaemon.in(folder).runToTheEnd(Outcome.SUCCEEDED);
    edit(batch);

    try (CapturedLog log = CapturedLog.of(LOGGER)) {
      // when
      TestDaemon.in(folder)
          .handle(TestDaemon.request(Action.RETRY, batch).forRuns(List.of(0), true));

      // then
      assertThat(log.lines()).singleElement().isEqualTo(line(batch));
    }
  }

  @Test
  void isNotToldOfAConfigThatIsAsItWas() throws Exception {
    // given
    take();

    try (CapturedLog log = CapturedLog.of(LOGGER)) {
      // when
      TestDaemon.in(folder);

      // then
      assertThat(log.lines()).isEmpty();
    }
  }

  private Batch take() throws Exception {
    return TestDaemon.in(folder).take(TestDaemon.config("b", "random_seed: [1, 2]"));
  }

  private static void edit(Batch batch) throws IOException {
    Path config = batch.folder().resolve(BatchFolder.CONFIG);
    Files.writeString(config, Files.readString(config).replace("model: m", "model: other"));
  }

  private static String line(Batch batch) {
    return "["
        + batch.id()
        + "] Its config.yaml was edited after it was accepted: runs from now on may differ from"
        + " those before";
  }
}
