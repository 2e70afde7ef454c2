package dev.caravan.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.storage.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ControlTest {

  private static final Control.Order ANN = new Control.Order("ann", "");

  /**
   * The event of an end has this number in its id: one that comes twice would be taken for sent.
   */
  @Test
  void countsAllEndsOfABatchThoughItKeepsOnlyTheLatestRetries() {
    // given
    Control control = Control.NONE;
    for (int n = 0; n < 150; n++) {
      control = control.withReruns(Map.of(0, n), ANN);
    }
    // when
    String file = new String(Json.file(control), StandardCharsets.UTF_8);
    Control read = Json.read(file, Control.class);
    // then
    assertThat(read.completion()).isEqualTo(151);
    assertThat(read.retries()).hasSize(100);
    assertThat(read.withCancellation(ANN).completion()).isEqualTo(151);
  }

  @Test
  void keepsTheFormatOfABatchWithFewRetries() {
    assertThat(new String(Json.file(Control.NONE), StandardCharsets.UTF_8))
        .doesNotContain("earlier_retries");
  }
}
