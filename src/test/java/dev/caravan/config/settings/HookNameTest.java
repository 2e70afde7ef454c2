package dev.caravan.config.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HookNameTest {

  @TempDir private Path home;

  private Settings settings(Map<String, String> environment) {
    return Settings.of(home, environment, new Properties());
  }

  private void file(String properties) throws IOException {
    Files.writeString(home.resolve(Settings.FILE), properties);
  }

  @Test
  void findsCommandsLikeEveryOtherProperty() throws IOException {
    // given
    file("caravan.hooks.up=from file\ncaravan.hooks.reset-cache=./reset.sh\ncaravan.hooks.no=\n");
    Settings settings = settings(Map.of("CARAVAN_HOOKS_UP", "from environment"));
    // then
    assertThat(settings.hook("up")).contains("from environment");
    assertThat(settings.hook("reset-cache")).contains("./reset.sh");
    assertThat(settings.hook("no")).isEmpty();
    assertThat(settings.hook("limit")).isEmpty();
    assertThat(settings.hook("../up")).isEmpty();
    assertThat(settings.all(SettingFamily.HOOKS).keySet()).contains("up", "reset-cache");
    assertThat(settings.warnings()).isEmpty();
  }

  @Test
  void takesOneMoreFromACommandLine() {
    // given
    Settings settings = settings(Map.of()).withHook("reset-cache", "./reset.sh --now");
    // then
    assertThat(settings.hook("reset-cache")).contains("./reset.sh --now");
    assertThat(settings.all(SettingFamily.HOOKS).keySet()).containsExactly("reset-cache");
    assertThatThrownBy(() -> settings.withHook("limit", "x"))
        .hasMessageStartingWith(
            "hook \"limit\": is too similar to Caravan's own property caravan.hooks.limit");
    assertThatThrownBy(() -> settings.withHook("./up", "x"))
        .hasMessageStartingWith("hook \"./up\": must be a name of lower-case letters");
  }

  @Test
  void isNoPropertyWhenItIsNoName() throws IOException {
    // given
    file("caravan.hooks.Up=x\n");
    // then
    assertThatThrownBy(() -> settings(Map.of()))
        .hasMessageContaining("unknown property \"caravan.hooks.Up\"");
  }

  @Test
  void mayBeNamedFromTheSourcesThatAreListed() throws IOException {
    assertThat(HookSources.of(settings(Map.of()))).containsExactly(HookSources.INBOX);
    assertThat(HookSources.of(settings(Map.of("CARAVAN_HOOKS_ALLOWED_FROM", "http, messages"))))
        .containsExactly(HookSources.HTTP, HookSources.MESSAGES);
    assertThat(HookSources.of(settings(Map.of("CARAVAN_HOOKS_ALLOWED_FROM", "")))).isEmpty();
    assertThatThrownBy(() -> settings(Map.of("CARAVAN_HOOKS_ALLOWED_FROM", "web")))
        .hasMessage("caravan.hooks.allowed-from: \"web\" must be one of inbox, http, messages");
  }

  @Test
  void isNoAlmostRightNameOfASettingOfHooks() throws IOException {
    for (String misspelt : new String[] {"allow-from", "limits", "enviroment"}) {
      file("caravan.hooks." + misspelt + "=x\n");
      assertThatThrownBy(() -> settings(Map.of()))
          .hasMessageContaining(
              "unknown property \"caravan.hooks." + misspelt + "\"; did you mean");
    }
    file("caravan.hooks.lift=x\ncaravan.hooks.reset=y\n");
    Settings settings = settings(Map.of("CARAVAN_HOOKS_LIMITS", "1h"));
    assertThat(settings.all(SettingFamily.HOOKS).keySet()).containsExactly("lift", "reset");
    assertThat(settings.warnings())
        .containsExactly(
            "unknown variable \"CARAVAN_HOOKS_LIMITS\"; did you mean \"CARAVAN_HOOKS_LIMIT\"?");
  }
}
