package dev.caravan.pipeline.record;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.caravan.config.FixedRules;
import dev.caravan.config.Target;
import dev.caravan.model.Batch;
import dev.caravan.pipeline.changes.PipelineChange.Parked;
import dev.caravan.testing.CapturedLog;
import dev.caravan.testing.ScratchHome;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class OutageLogTest {

  private static final Target TARGET = Target.of("http://h:1");

  private final Logger logger = (Logger) LoggerFactory.getLogger(OutageLog.class);
  private final OutageLog outages = new OutageLog();
  @TempDir private Path folder;

  @BeforeEach
  void asTheProgramLogs() {
    logger.setLevel(Level.INFO);
  }

  @AfterEach
  void asBefore() {
    logger.setLevel(null);
  }

  /** Batches that probe the same target differently take turns. */
  @Test
  void logsEachMessageOfAnOutageOnce() throws Exception {
    // given
    Batch batch = new ScratchHome(folder).accept(FixedRules.BASE);
    try (CapturedLog log = CapturedLog.of(OutageLog.class)) {
      // when
      for (int n = 0; n < 20; n++) {
        for (String message : List.of("is not ready: a", "refused the probe: b")) {
          outages.changed(new Parked(batch, TARGET, message));
        }
      }
      // then
      assertThat(log.lines()).hasSize(2);
      assertThat(log.lines().get(0)).contains("is not ready: a; will check again");
    }
  }
}
