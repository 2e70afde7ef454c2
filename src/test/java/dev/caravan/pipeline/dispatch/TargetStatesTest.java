package dev.caravan.pipeline.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.Target;
import dev.caravan.model.RunOrder;
import org.junit.jupiter.api.Test;

class TargetStatesTest {

  private static final Target TARGET = Target.of("http://127.0.0.1:8000");

  @Test
  void takesNoRunOutOfFlightForAnotherWithTheSameId() {
    // given
    RunOrder sent = RunOrder.execute("b/1", "/one/b", 0);
    RunOrder other = RunOrder.execute("b/1", "/other/b", 0);
    TargetStates targets = new TargetStates(System::nanoTime);
    targets.release(TARGET, "default", sent);

    // then
    assertThat(targets.complete(TARGET, other.runKey())).isEmpty();
    assertThat(targets.complete(TARGET, sent.runKey())).contains(sent);
    assertThat(targets.complete(TARGET, sent.runKey())).isEmpty();
  }
}
