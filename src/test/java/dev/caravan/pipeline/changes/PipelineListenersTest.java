package dev.caravan.pipeline.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PipelineListenersTest {

  private static final PipelineChange LOW = new PipelineChange.DiskLow("full");

  private final PipelineListeners listeners = new PipelineListeners();
  private final List<PipelineChange> told = new ArrayList<>();

  @Test
  void tellsTheOthersWhenAListenerFails() {
    // given
    listeners.add(
        change -> {
          throw new IllegalStateException("a bug");
        });
    listeners.add(
        change -> {
          throw new IOException("No space left on device");
        });
    listeners.add(told::add);
    // then
    assertThatCode(() -> listeners.publish(LOW)).doesNotThrowAnyException();
    assertThat(told).containsExactly(LOW);
  }

  @Test
  void reportsAChangeThatCouldNotBeStoredOnceAllAreTold() {
    // given
    listeners.add(
        change -> {
          throw new IOException("No space left on device");
        });
    listeners.add(told::add);
    // then
    assertThatThrownBy(() -> listeners.store(LOW)).hasMessage("No space left on device");
    assertThat(told).containsExactly(LOW);
  }

  @Test
  void storesAChangeThoughAListenerHasABug() {
    // given
    listeners.add(
        change -> {
          throw new IllegalStateException("a bug");
        });
    listeners.add(told::add);
    // then
    assertThatCode(() -> listeners.store(LOW)).doesNotThrowAnyException();
    assertThat(told).containsExactly(LOW);
  }
}
