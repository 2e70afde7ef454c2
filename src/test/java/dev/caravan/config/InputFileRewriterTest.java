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
    byte[] replaced = InputFileRewriter.replace(config.getBytes(UTF_8), name -> Optional.empty());
    // then
    assertThat(new String(replaced, UTF_8)).isEqualTo(config);
  }

  @Test
  void passesNamesAsYamlReadsThem() throws IOException {
    // given
    String config = "base_config: {input_file: \"a\\tb\"}\nsweeps: {input_file: [x, 'it''s']}\n";
    List<String> names = new ArrayList<>();
    // when
    InputFileRewriter.replace(
        config.getBytes(UTF_8),
        name -> {
          names.add(name);
          return Optional.empty();
        });
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
        InputFileRewriter.replace(config.getBytes(UTF_8), n -> Optional.of("a\\b\"c.jsonl"));
    // then
    List<String> names = new ArrayList<>();
    InputFileRewriter.replace(
        replaced,
        name -> {
          names.add(name);
          return Optional.empty();
        });
    assertThat(names).containsExactly("a\\b\"c.jsonl");
  }

  @Test
  void propagatesAFailureOfTheRenaming() {
    // given
    byte[] config = "base_config: {input_file: a}\n".getBytes(UTF_8);
    // then
    assertThatThrownBy(
            () ->
                InputFileRewriter.replace(
                    config,
                    name -> {
                      throw new IOException("cannot copy " + name);
                    }))
        .hasMessage("cannot copy a");
  }

  private static String replace(String config) throws IOException {
    return new String(
        InputFileRewriter.replace(config.getBytes(UTF_8), name -> Optional.of("new/" + name)),
        UTF_8);
  }
}
