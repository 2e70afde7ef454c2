package dev.caravan.pipeline.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What is known of a gate between its checks. */
class ReleaseGateMonitorTest {

  @Test
  void tellsWhatTheLastCheckSaidWhileTheNextOneHangs() throws Exception {
    // given
    CountDownLatch end = new CountDownLatch(1);
    AtomicBoolean checks = new AtomicBoolean();
    ReleaseGateMonitor monitor =
        new ReleaseGateMonitor(
            () -> {
              if (checks.getAndSet(true)) {
                awaitEnd(end);
              }
              return Optional.of("the disk is full");
            });
    monitor.isClosed();
    Thread hanging = new Thread(monitor::isClosed);
    hanging.start();
    await().until(() -> hanging.getState() == Thread.State.WAITING);

    // when
    AtomicReference<Optional<String>> told = new AtomicReference<>();
    Thread heartbeat = new Thread(() -> told.set(monitor.closedReason()));
    heartbeat.start();

    // then
    try {
      await().untilAsserted(() -> assertThat(told).hasValue(Optional.of("the disk is full")));
    } finally {
      end.countDown();
      hanging.join();
      heartbeat.join();
    }
  }

  private static void awaitEnd(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
