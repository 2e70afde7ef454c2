package dev.caravan.fleet.jms;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How long Caravan waits for a broker, and what it says of its failures. */
class BrokerWaitTest {

  @Test
  void tellsWhetherSomethingWasDoneInTime() {
    // given
    CountDownLatch never = new CountDownLatch(1);
    // then
    assertThat(BrokerWait.done(Duration.ofMinutes(1), () -> "done")).isTrue();
    assertThat(BrokerWait.done(Duration.ofMillis(20), () -> never.await(1, TimeUnit.MINUTES)))
        .isFalse();
    assertThat(
            BrokerWait.done(
                Duration.ofMinutes(1),
                () -> {
                  throw new IOException("refused");
                }))
        .isFalse();
  }

  @Test
  void namesTheLastCauseOnce() {
    // given
    Exception cause = new IOException("AMQ219013: timed out");
    // then
    assertThat(BrokerWait.reason(cause)).isEqualTo("AMQ219013: timed out");
    assertThat(BrokerWait.reason(new IOException("failed", cause)))
        .isEqualTo("failed: AMQ219013: timed out");
    assertThat(BrokerWait.reason(new IOException("AMQ219013: timed out", cause)))
        .isEqualTo("AMQ219013: timed out");
  }
}
