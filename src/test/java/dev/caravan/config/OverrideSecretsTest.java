package dev.caravan.config;

import static dev.caravan.config.FixedRules.BASE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An API key that is pasted into an option is never repeated, and never kept. */
class OverrideSecretsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "base_config.url=http://me:s3cret@h",
        "base_config.api_key_env_var=sk-s3cret",
        "base_config.api_key_env_var=[s3cret]",
        "base_config={api_key_env_var: sk-s3cret}",
        "sweeps.api_key_env_var=[sk-s3cret]",
        "base_config.api_key=sk-s3cret",
        "sk-s3cret",
        "base_config.model.url=sk-s3cret",
        "base_config.api_key_env_var=sk-s3cret\u0000",
        "base_config.api_key_env_var=*s3cret",
        "base_config.api_key_env_var=`s3cret",
        "base_config.api_key_env_var=s3cret #x",
      })
  void neverRepeatsASecret(String setting) {
    assertThat(problems(BASE, setting))
        .isNotEmpty()
        .allSatisfy(problem -> assertThat(problem).doesNotContain("s3cret"));
  }

  @Test
  void neverRepeatsASecretOfAnUnknownOption() {
    // given
    Overrides written = new Overrides(List.of("--set=base_config.url=http://s3cret@h", "s3cret"));
    // then
    assertThat(FixedRules.problems(BASE, written))
        .hasSize(1)
        .containsOnly(
            "c.yaml: --name, --label, --set: an override must be one of these options, a space and"
                + " a value");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "  api_key_env_var: sk_s3cret\n",
        "  api_key_env_var: [s3cret, SET_API_KEY]\n",
      })
  void refusesASecretThatAnOptionReplacesBecauseTheFileIsKept(String line) {
    assertThat(problems(BASE + line, "base_config.api_key_env_var=SET_API_KEY"))
        .isNotEmpty()
        .allSatisfy(
            problem ->
                assertThat(problem)
                    .startsWith("c.yaml:7:")
                    .contains(
                        "base_config.api_key_env_var: (value not shown): an option replaces it")
                    .doesNotContain("s3cret"));
  }

  @Test
  void refusesASecretThatIsReplacedWithItsSectionOrByALaterOption() {
    // given
    String secret = BASE.replace("http://h:8000", "http://me:s3cret@h");
    String good =
        "base_config={model: m, url: 'http://h', warmup_request_count: 1, benchmark_duration: 5, concurrency: 1}";
    String message =
        ": (value not shown): an option replaces it, but the config keeps it, and it may be secret";
    // then
    assertThat(problems(secret, good)).containsExactly("c.yaml:3:8: base_config.url" + message);
    assertThat(
            problems(
                BASE,
                "base_config.api_key_env_var=s3cret",
                "base_config.api_key_env_var=SET_API_KEY"))
        .containsExactly("c.yaml: --set base_config.api_key_env_var=…" + message);
    assertThat(
            problems(BASE + "  api_key_env_var: UNSET_API_KEY\n", "base_config.api_key_env_var="))
        .isEmpty();
    assertThat(problems(BASE.replace("http://h:8000", "TODO"), "base_config.url=http://h"))
        .isEmpty();
  }

  private static List<String> problems(String config, String... settings) {
    return FixedRules.problems(
        config, Overrides.of(Optional.empty(), List.of(), List.of(settings)));
  }
}
