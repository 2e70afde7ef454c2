package dev.caravan.fleet.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.CapturedLog;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a worker says of a clock that differs from its hub's. */
class HubClockTest {

  private static final long NOW = 1_790_000_000_000L;

  private final CapturedLog log = CapturedLog.of(HubClock.class);
  private final AtomicLong here = new AtomicLong(NOW);
  private final HubClock clock = new HubClock(here::get);

  @AfterEach
  void close() {
    log.close();
  }

  @ParameterizedTest
  @CsvSource({"300250, 5m ahead of", "-300250, 5m behind"})
  void saysOnceThatTheClocksDiffer(long differenceMs, String told) {
    // given
    here.addAndGet(differenceMs);

    // when
    for (int heartbeat = 0; heartbeat < 20; heartbeat++) {
      here.addAndGet(10_000);
      clock.heard(here.get() - differenceMs);
    }

    // then
    assertThat(log.lines())
        .containsExactly(
            "The clock of this host is "
                + told
                + " the hub's: times of results do not fit together");
  }

  @Test
  void isSilentOnMessagesThatWereLongUnderWay() {
    // when
    for (int heartbeat = 0; heartbeat < 20; heartbeat++) {
      clock.heard(NOW - (heartbeat % 3 == 0 ? 50 : 120_000));
    }

    // then
    assertThat(log.lines()).isEmpty();
  }
}
