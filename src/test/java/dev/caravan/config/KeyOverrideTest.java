package dev.caravan.config;

import static dev.caravan.config.FixedRules.BASE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the text of an override is taken apart, whatever it is. */
class KeyOverrideTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*base | must have no anchor (&), alias (*) or tag (!)",
        "&a x | must have no anchor (&), alias (*) or tag (!)",
        "[1, &b 2] | must have no anchor (&), alias (*) or tag (!)",
        "!!python/object:os.system ls | must have no anchor (&), alias (*) or tag (!)",
        "!!str x | must have no anchor (&), alias (*) or tag (!)",
        "a: 1 | must be one value, such as 4, [1, 2] or {a: 1}",
        "- 1 | must be one value, such as 4, [1, 2] or {a: 1}",
        "--- x | must be one value, such as 4, [1, 2] or {a: 1}",
        "#1 | must be one value, such as 4, [1, 2] or {a: 1}",
        "m #1 | ends in a comment (#)",
        "[1, 2] # two | ends in a comment (#)",
      })
  void takesAValueForDataAlone(String value, String why) {
    assertThat(problems(BASE, "base_config.model=" + value))
        .containsExactly(
            "c.yaml: --set base_config.model=…: " + why + "; put it in quotes if it is text");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1", "{a: }}", "'x", "@x", "%x", "\u0001", "[1] 2", "a\n---\nb"})
  void refusesWhatIsNoYamlValue(String value) {
    assertThat(problems(BASE, "base_config.model=" + value))
        .singleElement()
        .asString()
        .startsWith("c.yaml: --set base_config.model=…: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "=1", ".a=1", "a..b=1", "a.=1", "a", "a.b", "\"a=1", "a\"b\"=1", "\"\"=1"})
  void refusesAKeyThatIsNone(String setting) {
    assertThat(problems(BASE, setting))
        .singleElement()
        .asString()
        .startsWith("c.yaml: --set: must be KEY=VALUE");
  }

  @Test
  void refusesTextThatTheLocaleSpoilt() {
    assertThat(problems(BASE, "base_config.model=J\uFFFD\uFFFDrg"))
        .containsExactly(
            "c.yaml: --set: contains characters that did not arrive (U+FFFD); start the command with a"
                + " UTF-8 locale, such as LC_ALL=C.UTF-8");
  }

  @Test
  void answersAnyTextInWordsAndInTime() {
    // given
    Random random = new Random(15);
    String alphabet = "abc.=\"\\'[]{}:,-#&*!|>%@`?~ \n\t0x19_\u0001\u2028ü😀<";
    // then
    for (int i = 0; i < 3000; i++) {
      StringBuilder text = new StringBuilder(random.nextBoolean() ? "base_config.model=" : "");
      for (int n = random.nextInt(30); n > 0; n--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      assertThat(problems(BASE, text.toString()))
          .as(text.toString())
          .allMatch(problem -> problem.startsWith("c.yaml:") && !problem.contains("null"));
    }
  }

  @Test
  void takesAnyKeyInQuotes() {
    // given
    String options = "base_config.aiperf_options.extra_inputs.";
    // when
    BenchmarkConfig config =
        read(BASE, options + "\"a.b=\\\"c\"=1", options + "é=2", "labels.\"x.y\"=z");
    // then
    assertThat(config.base().values())
        .containsEntry("aiperf_options", Map.of("extra_inputs", Map.of("a.b=\"c", 1L, "é", 2L)));
    assertThat(config.labels()).isEqualTo(Map.of("x.y", "z"));
  }

  @Test
  void takesLongValuesUpToALimit() {
    // given
    String long64 = "x".repeat(64 * 1024);
    // then
    assertThat(problems(BASE, "x-note=" + long64)).isEmpty();
    assertThat(problems(BASE, "x-note=[" + "[".repeat(60_000)))
        .singleElement()
        .asString()
        .as("not read to its end, which takes seconds")
        .contains("Nesting Depth exceeded max 50");
    assertThat(problems(BASE, "x-note=" + long64, "x-note=" + long64))
        .containsExactly(
            "c.yaml: --set: 2 options with 131,098 characters; at most 100 with 131,072 in all");
    List<String> many = new ArrayList<>();
    for (int i = 0; i < 101; i++) {
      many.add("x-a=1");
    }
    assertThat(problems(BASE, many.toArray(new String[0]))).hasSize(1);
    assertThat(problems(BASE, "a.".repeat(30) + "b=1"))
        .singleElement()
        .asString()
        .startsWith("c.yaml: --set: must be KEY=VALUE");
  }

  private static BenchmarkConfig read(String config, String... settings) {
    return new ConfigReader(new FixedRules())
        .read(config.getBytes(UTF_8), settings(settings), "c.yaml");
  }

  private static List<String> problems(String config, String... settings) {
    return FixedRules.problems(config, settings(settings));
  }

  private static Overrides settings(String... settings) {
    return Overrides.of(Optional.empty(), List.of(), List.of(settings));
  }
}
