package dev.caravan.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputFileRewriterTest {

  @Test
  void renamesEveryInputFileAndKeepsTheRest() throws IOException {
    // given
    String config =
        """
        # notes: input_file: a.jsonl 😀
        batch_name: ü😀   # kept
        base_config: {model: m, input_file: 'a.jsonl', url: "http://h"}  # a.jsonl
        sweeps:
          concurrency: [1,   2]
          input_file:
            - b.jsonl
            - "c d.jsonl"
        input_file: not-ours.jsonl
        """;
    // then
    assertThat(replace(config))
        .isEqualTo(
            config
                .replace("'a.jsonl'", "\"new/a.jsonl\"")
                .replace("- b.jsonl", "- \"new/b.jsonl\"")
                .replace("\"c d.jsonl\"", "\"new/c d.jsonl\""));
  }

  @Test
  void keepsANameWithoutANewOne() throws IOException {
    // given
    String config = "base_config:\n  input_file: keep.jsonl\n";
    // when
    byte[] replaced =
        new InputFileRewriter(name -> Optional.empty()).replace(config.getBytes(UTF_8));
    // then
    assertThat(new String(replaced, UTF_8)).isEqualTo(config);
  }

  @Test
  void passesNamesAsYamlReadsThem() throws IOException {
    // given
    String config = "base_config: {input_file: \"a\\tb\"}\nsweeps: {input_file: [x, 'it''s']}\n";
    List<String> names = new ArrayList<>();
    // when
    new InputFileRewriter(
            name -> {
              names.add(name);
              return Optional.empty();
            })
        .replace(config.getBytes(UTF_8));
    // then
    assertThat(names).containsExactlyInAnyOrder("a\tb", "x", "it's");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "just text", "a: [", "base_config: 3", "sweeps:\n\t- x", "[1, 2]"})
  void keepsAnInvalidConfig(String config) throws IOException {
    assertThat(replace(config)).isEqualTo(config);
  }

  @Test
  void escapesQuotesAndBackslashes() throws Exception {
    // given
    String config = "base_config:\n  input_file: a\n";
    // when
    byte[] replaced =
        new InputFileRewriter(n -> Optional.of("a\\b\"c.jsonl")).replace(config.getBytes(UTF_8));
    // then
    List<String> names = new ArrayList<>();
    new InputFileRewriter(
            name -> {
              names.add(name);
              return Optional.empty();
            })
        .replace(replaced);
    assertThat(names).containsExactly("a\\b\"c.jsonl");
  }

  @Test
  void propagatesAFailureOfTheRenaming() {
    // given
    byte[] config = "base_config: {input_file: a}\n".getBytes(UTF_8);
    // then
    assertThatThrownBy(
            () ->
                new InputFileRewriter(
                        name -> {
                          throw new IOException("cannot copy " + name);
                        })
                    .replace(config))
        .hasMessage("cannot copy a");
  }

  @Test
  void renamesThemWhereverARunCanTakeThemFrom() throws IOException {
    // given
    String config =
        """
        x-common: &common {input_file: &file a.jsonl, model: m}
        x-other: {input_file: not-ours.jsonl}
        base_config: {<<: *common, aiperf_options: {extra_inputs: {input_file: not-ours.jsonl}}}
        points: [{input_file: b.jsonl, isl: 1}, {input_file: *file}]
        exclude: [{input_file: b.jsonl, concurrency: 2}, 7]
        variants:
          one: {input_file: !!str c.jsonl, labels: {input_file: not-ours.jsonl}}
          two: {input_file: }
          two-b: {input_file: null}
          three: &three {<<: [*common], input_file: &d 'd.jsonl'}
          four: *three
        sweeps: {input_file: [*d, e.jsonl]}
        """;
    // when
    String replaced = replace(config);
    // then
    assertThat(replaced)
        .isEqualTo(config.replaceAll("(?<=[ :])'?([a-e]\\.jsonl)'?", "\"new/$1\""))
        .contains("&file \"new/a.jsonl\"", "!!str \"new/c.jsonl\"", "&d \"new/d.jsonl\"");
  }

  @Test
  void renamesTheInputFilesOfOverrides() throws IOException {
    // given
    Overrides overrides =
        Overrides.of(
            Optional.of("input_file: a.jsonl"),
            List.of("input_file=a.jsonl"),
            List.of(
                "base_config.input_file=ü😀.jsonl",
                "sweeps={concurrency: [1], input_file: [a.jsonl,  'b c.jsonl']}",
                "base_config.model=a.jsonl",
                "variants.after.input_file=a.jsonl",
                "variants={after: {input_file: a.jsonl}}",
                "points=[{input_file: a.jsonl}]",
                "base_config.input_file=",
                "base_config.input_file=[a"));
    // when
    Overrides replaced =
        new InputFileRewriter(name -> Optional.of("new/" + name)).replace(overrides);
    // then
    assertThat(replaced.options())
        .containsExactly(
            "--name input_file: a.jsonl",
            "--label input_file=a.jsonl",
            "--set base_config.input_file=\"new/ü😀.jsonl\"",
            "--set sweeps={concurrency: [1], input_file: [\"new/a.jsonl\",  \"new/b c.jsonl\"]}",
            "--set base_config.model=a.jsonl",
            "--set variants.after.input_file=\"new/a.jsonl\"",
            "--set variants={after: {input_file: \"new/a.jsonl\"}}",
            "--set points=[{input_file: \"new/a.jsonl\"}]",
            "--set base_config.input_file=",
            "--set base_config.input_file=[a");
  }

  private static String replace(String config) throws IOException {
    return new String(
        new InputFileRewriter(name -> Optional.of("new/" + name)).replace(config.getBytes(UTF_8)),
        UTF_8);
  }
}
