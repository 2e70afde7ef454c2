package dev.caravan.testing;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class CapturedLogTest {

  @Test
  void canBeReadWhileOthersLog() {
    // given
    Logger logger = (Logger) LoggerFactory.getLogger("dev.caravan.testing.busy");
    logger.setAdditive(false);
    try (CapturedLog log = CapturedLog.of("dev.caravan.testing.busy")) {
      // when
      CompletableFuture<Void> busy =
          CompletableFuture.runAsync(
              () -> {
                for (int line = 0; line < 3_000; line++) {
                  logger.warn("line {}", line);
                  LockSupport.parkNanos(1); // long enough to be met
                }
              });
      // then
      while (!busy.isDone()) {
        assertThat(log.lines()).doesNotContainNull();
      }
      busy.join();
      assertThat(log.lines()).hasSize(3_000);
    }
  }
}
