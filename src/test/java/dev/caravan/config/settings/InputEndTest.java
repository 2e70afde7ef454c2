package dev.caravan.config.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputEndTest {

  @TempDir private Path home;

  @Test
  void isIgnoredUnlessTheSettingsSayStop() {
    assertThat(InputEnd.of(settings(Map.of()))).isEqualTo(InputEnd.IGNORE);
    assertThat(InputEnd.of(settings(Map.of("CARAVAN_SHUTDOWN_INPUT_END", "stop"))))
        .isEqualTo(InputEnd.STOP);
  }

  @Test
  void refusesOtherValues() {
    // given
    Settings settings = settings(Map.of("CARAVAN_SHUTDOWN_INPUT_END", "halt"));
    // then
    assertThatThrownBy(() -> InputEnd.of(settings))
        .isInstanceOf(SettingsRefusedException.class)
        .hasMessage("caravan.shutdown.input-end: \"halt\": must be ignore or stop");
  }

  private Settings settings(Map<String, String> environment) {
    return Settings.of(home, environment, new Properties());
  }
}
