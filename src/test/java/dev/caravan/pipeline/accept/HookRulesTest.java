package dev.caravan.pipeline.accept;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.HookEvent;
import dev.caravan.config.settings.Settings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HookRulesTest {

  private static final HookEvent POINT = HookEvent.BEFORE_POINT;

  @TempDir private Path home;

  private Settings settings(String... more) {
    Map<String, String> environment = new HashMap<>(Map.of("CARAVAN_HOOKS_RESTART", "./r.sh"));
    for (int i = 0; i < more.length; i += 2) {
      environment.put(more[i], more[i + 1]);
    }
    return Settings.of(home, environment, new Properties());
  }

  @Test
  void allowsWhatThisHostKnows() {
    // given
    SourceRules rules = SourceRules.ofInbox(settings());
    // then
    assertThat(rules.hookRefusal(POINT, "restart")).isEmpty();
    assertThat(rules.hookRefusal(POINT, "restrat"))
        .contains(
            "no such hook on this host; caravan.hooks.restrat would be its command; did you mean"
                + " \"restart\"?");
  }

  @Test
  void allowsHooksOnlyFromTheSourcesThatAreListed() {
    // given
    Optional<String> refusal =
        Optional.of("a config from this source may not name hooks; see caravan.hooks.allowed-from");
    Settings listed = settings("CARAVAN_HOOKS_ALLOWED_FROM", "http,messages");
    // then
    assertThat(SourceRules.ofHttp(settings()).hookRefusal(POINT, "restart")).isEqualTo(refusal);
    assertThat(SourceRules.ofMessages(settings()).hookRefusal(POINT, "restart")).isEqualTo(refusal);
    assertThat(SourceRules.ofHttp(listed).hookRefusal(POINT, "restart")).isEmpty();
    assertThat(SourceRules.ofMessages(listed).hookRefusal(POINT, "restart")).isEmpty();
    assertThat(SourceRules.ofInbox(listed).hookRefusal(POINT, "restart")).isEqualTo(refusal);
    assertThat(
            SourceRules.ofCommand(settings("CARAVAN_HOOKS_ALLOWED_FROM", ""), home.resolve("c"))
                .hookRefusal(POINT, "restart"))
        .isEmpty();
  }

  @Test
  void leavesTheHooksOfRunsToTheWorkersThatExecuteThem() {
    // given
    SourceRules rules =
        SourceRules.ofInbox(settings("CARAVAN_BROKER", "tcp://127.0.0.1:1", "CARAVAN_ROLE", "hub"));
    // then
    assertThat(rules.hookRefusal(POINT, "elsewhere")).isEmpty();
    assertThat(rules.hookRefusal(HookEvent.AFTER_BATCH, "elsewhere")).isPresent();
  }
}
