package dev.caravan.pipeline.accept;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.pipeline.process.AiperfExtras;
import dev.caravan.storage.Home;
import dev.caravan.storage.OutputRoots;
import dev.caravan.storage.SecretStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceRulesTest {

  @TempDir private Path folder;

  @Test
  void allowsKeysByPattern() throws IOException {
    // given
    SourceRules rules = rules("*_API_KEY", "EXACT");
    // then
    assertThat(rules.secretAllowed("MY_API_KEY")).isTrue();
    assertThat(rules.secretAllowed("EXACT")).isTrue();
    assertThat(rules.secretAllowed("EXACTLY")).isFalse();
    assertThat(rules.secretAllowed("HOME")).isFalse();
    assertThat(rules.secretAllowed("../X_API_KEY")).isFalse();
    assertThat(rules.secretAllowed("nul\0_API_KEY")).isFalse();
    assertThat(rules("*").secretAllowed("HOME")).isTrue();
    assertThat(rules().secretAllowed("MY_API_KEY")).isFalse();
  }

  @Test
  void namesThePropertyThatAllowsKeys() {
    // given
    Settings settings = Settings.of(folder, Map.of(), new Properties());
    // then
    assertThat(SourceRules.ofInbox(settings).secretsProperty()).isEqualTo("caravan.keys.allowed");
    assertThat(SourceRules.ofHttp(settings).secretsProperty()).isEqualTo("caravan.keys.allowed");
    assertThat(SourceRules.ofMessages(settings).secretsProperty())
        .isEqualTo("caravan.keys.allowed.messages");
  }

  @Test
  void allowsExtraOptionsWrittenAsFlagsOrKeys() throws IOException {
    // given
    SourceRules rules = rules("*");
    // then
    assertThat(rules.optionAllowed("as_a_flag")).isTrue();
    assertThat(rules.optionAllowed("as_a_key")).isTrue();
    assertThat(rules.optionAllowed("other")).isFalse();
  }

  @Test
  void delegatesToSecretsOutputsAndInputs() throws IOException {
    // given
    SourceRules rules = rules("*");
    // then
    assertThat(rules.secretSet("MY_API_KEY")).isTrue();
    assertThat(rules.secretSet("OTHER_API_KEY")).isFalse();
    assertThat(rules.secretRemarks("MY_API_KEY")).singleElement().asString().contains("short");
    assertThat(rules.secretRemarks("OTHER_API_KEY")).isEmpty();
    assertThat(rules.secretFault("MY_API_KEY")).isEmpty();
    assertThat(rules.outputFolderRefusal("results", "b")).isEmpty();
    assertThat(rules.outputFolderRefusal("/etc", "b")).isPresent();
    assertThat(rules.inputFileRefusal("nowhere.jsonl")).isPresent();
  }

  private SourceRules rules(String... patterns) throws IOException {
    Home home = new Home(folder.toRealPath());
    return new SourceRules(
        Set.of("--as-a-flag", "as_a_key"),
        10,
        new KeyRules(List.of(patterns), Setting.KEYS_ALLOWED),
        new SecretStore(home, Map.of("MY_API_KEY", "v")),
        false,
        new OutputRoots(home.root(), List.of(home.root()), false),
        InputFiles.ofInbox(home),
        HookRules.ofCommand(Settings.of(home.root(), Map.of(), new Properties())),
        AiperfExtras.unknown());
  }
}
