package dev.caravan.pipeline.dispatch;

import static dev.caravan.testing.InMemoryBatches.batch;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs on one target never overlap; workers share several targets. */
class DispatchTargetsTest {

  private static final String TWO = "concurrency: [1, 2]";
  private static final String ON_X = "url: ['http://x'], " + TWO;
  private static final String ON_Y = "url: ['http://y'], " + TWO;

  @Test
  void releasesOneRunPerTargetAtATime() {
    // given
    DispatchHarness harness = new DispatchHarness(4).open(batch("a", 1, "concurrency: [1, 2, 3]"));
    // then
    assertThat(harness.release()).containsExactly("a/concurrency1");
    assertThat(harness.release()).isEmpty();
    harness.ended("a/concurrency1");
    assertThat(harness.release()).containsExactly("a/concurrency2");
    assertThat(harness.release()).isEmpty();
  }

  @Test
  void worksOnSeveralTargetsAtOnce() {
    // given
    DispatchHarness harness = new DispatchHarness(4).open(batch("a", 1, ON_X), batch("b", 2, ON_Y));
    // then
    assertThat(harness.release())
        .containsExactly("a/concurrency1_urlhttp%3A%2F%2Fx", "b/concurrency1_urlhttp%3A%2F%2Fy");
  }

  @Test
  void releasesNoMoreRunsThanWorkers() {
    // given
    DispatchHarness harness =
        new DispatchHarness(2)
            .open(batch("a", 1, "url: ['http://x', 'http://y', 'http://z', 'http://w']"));
    // then
    assertThat(harness.release()).hasSize(2);
    assertThat(harness.release()).isEmpty();
    harness.ended("a/urlhttp%3A%2F%2Fy");
    assertThat(harness.release()).containsExactly("a/urlhttp%3A%2F%2Fz");
  }

  @Test
  void splitsABatchOverItsUrls() {
    // given
    DispatchHarness harness =
        new DispatchHarness(4).open(batch("a", 1, "url: ['http://x', 'http://y'], " + TWO));
    // when
    List<String> first = harness.release();
    harness.ended("a/concurrency1_urlhttp%3A%2F%2Fy");
    // then
    assertThat(first)
        .containsExactly("a/concurrency1_urlhttp%3A%2F%2Fx", "a/concurrency1_urlhttp%3A%2F%2Fy");
    assertThat(harness.release()).containsExactly("a/concurrency2_urlhttp%3A%2F%2Fy");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://localhost:8000", "http://[::1]:8000/v1", "HTTP://LocalHost:8000/x"})
  void treatsAllNamesOfThisMachineAsOneTarget(String other) {
    // given
    DispatchHarness harness =
        new DispatchHarness(4)
            .open(batch("a", 1, "url: ['http://127.0.0.1:8000', '" + other + "']"));
    // then
    assertThat(harness.release()).hasSize(1);
    assertThat(harness.runToTheEnd()).isEmpty();
  }

  @Test
  void treatsOtherPortsAndSchemesAsOtherTargets() {
    // given
    DispatchHarness harness =
        new DispatchHarness(4)
            .open(batch("a", 1, "url: ['http://h', 'http://h:80/v1', 'https://h', 'http://h:81']"));
    // then
    assertThat(harness.release()).hasSize(3);
  }
}
