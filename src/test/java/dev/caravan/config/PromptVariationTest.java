package dev.caravan.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.plan.Sweep;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code vary_prompts}: what an attempt sends. */
class PromptVariationTest {

  private static final String SEEDED = FixedRules.BASE + "  random_seed: 7\n";
  private static final String VARY = "vary_prompts: true\n";

  @ParameterizedTest
  @ValueSource(strings = {"", "vary_prompts: false\n", "vary_prompts:\n"})
  void changesNothingByDefault(String section) {
    // given
    BenchmarkConfig config = FixedRules.read(SEEDED + section);
    // when / then
    assertThat(new Sweep(config).sent(0, 1)).isEqualTo(config.base());
  }

  @Test
  void givesEveryAttemptASeedOfItsOwnThatIsTheSameEachTime() {
    // when
    Set<Object> seeds =
        IntStream.rangeClosed(1, 50)
            .mapToObj(attempt -> sent(SEEDED, attempt).get("random_seed"))
            .collect(Collectors.toSet());
    // then
    assertThat(seeds)
        .hasSize(50)
        .doesNotContain(7L)
        .allSatisfy(seed -> assertThat((Long) seed).isBetween(0L, (long) Integer.MAX_VALUE));
    assertThat(sent(SEEDED, 3)).isEqualTo(sent(SEEDED, 3));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "random_seed: 8",
        "random_seed: 7\n  prompt_input_tokens_mean: 9",
        "random_seed: 7\n  aiperf_options: {num_dataset_entries: 9}"
      })
  void givesAnotherSeedToAnotherPoint(String point) {
    // when / then
    assertThat(sent(FixedRules.BASE + "  " + point + "\n", 1).get("random_seed"))
        .isNotEqualTo(sent(SEEDED, 1).get("random_seed"));
  }

  @Test
  void sendsTheSamePromptsToAnotherService() {
    // when
    Map<String, Object> elsewhere = sent(SEEDED.replace("http://h:8000", "http://other:1"), 1);
    // then
    assertThat(elsewhere.get("random_seed")).isEqualTo(sent(SEEDED, 1).get("random_seed"));
  }

  @Test
  void leavesTheSeedToAiperfIfTheConfigSetsNone() {
    // when / then
    assertThat(sent(FixedRules.BASE, 1))
        .doesNotContainKey("random_seed")
        .containsEntry(Parameters.OPTIONS, Map.of("cache_bust", "first_turn_prefix"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "system_prefix"})
  void keepsTheCacheBustOfTheConfig(String target) {
    // when / then
    assertThat(sent(FixedRules.BASE + "  aiperf_options: {cache_bust: " + target + "}\n", 1))
        .containsEntry(Parameters.OPTIONS, Map.of("cache_bust", target));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "endpoint_type: completions",
        "endpoint_type: embeddings",
        "input_file: there.jsonl",
        "aiperf_options: {prompt_prefix_length: 9, prompt_prefix_pool_size: 2}"
      })
  void bustsNoCacheWhereAiperfCannotOrPromptsShareABeginning(String line) {
    // given
    String config = SEEDED + "  " + line + "\n";
    // when
    BenchmarkConfig read = FixedRules.read(config + VARY);
    Parameters sent = new Sweep(read).sent(0, 1);
    // then
    assertThat(sent.options()).doesNotContainKey("cache_bust");
    assertThat(sent.values().get("random_seed")).isNotEqualTo(7L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "endpoint_type: responses",
        "aiperf_options: {shared_system_prompt_length: 9}",
        "aiperf_options: {conversation_turn_mean: 3}"
      })
  void beginsOnlyTheUsersTurnAnew(String line) {
    // when / then
    assertThat(sent(SEEDED + "  " + line + "\n", 1).get(Parameters.OPTIONS))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("cache_bust", "first_turn_prefix");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "always", "[true]", "{chat: true}", "2026-01-01"})
  void refusesWhatIsNoBoolean(String value) {
    // when / then
    assertThat(FixedRules.problems(FixedRules.BASE + "vary_prompts: " + value + "\n"))
        .singleElement()
        .asString()
        .contains("vary_prompts: ", "true or false");
  }

  private static Map<String, Object> sent(String config, int attempt) {
    return new Sweep(FixedRules.read(config + VARY)).sent(0, attempt).values();
  }
}
