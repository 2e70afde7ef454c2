package dev.caravan.fleet.jms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.CapturedLog;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How much a hub logs of an attacker who comes from ever other addresses. */
class RefusalsLimitTest {

  private static final Duration WINDOW = Duration.ofMinutes(10);

  private final CapturedLog log = CapturedLog.of(Refusals.class);
  private final AtomicLong now = new AtomicLong();
  private final Refusals refusals = new Refusals(now::get);

  @AfterEach
  void close() {
    log.close();
  }

  private void attack(String network) {
    for (int host = 0; host < 100_000; host++) {
      refusals.add("[" + network + "::" + host + "]", "wrong password of user \"lab1\"", "");
    }
  }

  @Test
  void logsOnlySomeOfThePeersAndSaysSo() {
    // when
    attack("2001:db8:1");

    // then
    assertThat(log.lines()).hasSize(101);
    assertThat(log.lines())
        .element(99)
        .isEqualTo(
            "Refused [2001:db8:1::99]: wrong password of user \"lab1\". Repetitions are not"
                + " logged");
    assertThat(log.lines())
        .last()
        .isEqualTo("Refused 100 peers within 10m; the others of this time are not logged");

    // when
    now.addAndGet(WINDOW.toNanos());
    attack("2001:db8:2");

    // then
    assertThat(log.lines()).hasSize(202);
  }

  @Test
  void logsAPeerLaterThatItCouldNotLogAtFirst() {
    // given
    attack("2001:db8:1");
    refusals.add("10.0.0.7", "unknown user", " \"lab3\"");
    assertThat(log.lines()).noneMatch(line -> line.contains("10.0.0.7"));

    // when
    now.addAndGet(WINDOW.toNanos());
    refusals.add("10.0.0.7", "unknown user", " \"lab3\"");
    refusals.add("10.0.0.7", "unknown user", " \"lab3\"");

    // then
    assertThat(log.lines())
        .filteredOn(line -> line.contains("10.0.0.7"))
        .containsExactly("Refused 10.0.0.7: unknown user \"lab3\". Repetitions are not logged");
  }
}
