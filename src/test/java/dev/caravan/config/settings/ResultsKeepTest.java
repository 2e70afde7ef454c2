package dev.caravan.config.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultsKeepTest {

  @TempDir private Path home;

  private Settings settings(String keep) {
    return Settings.of(home, Map.of(Setting.RESULTS_KEEP.variable(), keep), new Properties());
  }

  @Test
  void readsANumberOrAnAgeWithWhatToDoWithTheOthers() {
    assertThat(ResultsKeep.of(settings("30"))).contains(ResultsKeep.newest(30, false));
    assertThat(ResultsKeep.of(settings(" 5  compress "))).contains(ResultsKeep.newest(5, true));
    assertThat(ResultsKeep.of(settings("90d compress")))
        .contains(ResultsKeep.younger(Duration.ofDays(90), true));
    assertThat(ResultsKeep.of(settings("12h")))
        .contains(ResultsKeep.younger(Duration.ofHours(12), false));
    assertThat(ResultsKeep.of(settings("off"))).isEmpty();
    assertThat(ResultsKeep.of(settings(""))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "0d", "30 batches", "compress", "on", "90 d", "1.5"})
  void refusesWhatIsNoRule(String keep) {
    assertThatThrownBy(() -> settings(keep))
        .isInstanceOf(SettingsRefusedException.class)
        .hasMessageContaining("caravan.results.keep: \"" + keep + "\"");
  }
}
