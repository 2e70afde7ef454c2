package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.pipeline.outcome.checks.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Replies of a llama.cpp that all have 32 tokens, as requested, of which aiperf counts 17 to 30.
 */
class CountedLengthsTest {

  @TempDir private Path folder;
  private RecordedRun run;

  @BeforeEach
  void unpack() throws IOException {
    run = RecordedRun.of("llama", folder);
  }

  /** All replies have this value in the request log. */
  private void change(String metric, double value) throws IOException {
    Path log = run.folder().resolve("profile_export.jsonl");
    String text = Files.readString(log);
    String changed = text.replaceAll("(\"" + metric + "\":\\{\"value\":)[-.\\d]+", "$1" + value);
    assertThat(changed).isNotEqualTo(text);
    Files.writeString(log, changed);
  }

  private Optional<Finding> lengths() {
    return run.check().findings().stream().filter(each -> each.id().equals("lengths")).findAny();
  }

  @ParameterizedTest
  @ValueSource(strings = {"builtin", "o200k_base", "tiny"})
  void areRightIfTheServiceCountsWhatWasRequested(String tokenizer) {
    // given
    run = run.with("tokenizer", tokenizer);
    // then: what differs is the tokenizer
    assertThat(lengths()).isEmpty();
    assertThat(run.check().checked()).contains("lengths");
    assertThat(run.check().findings())
        .filteredOn(finding -> finding.id().equals("tokens"))
        .singleElement()
        .extracting(Finding::advice)
        .isEqualTo("use_server_token_count: true");
  }

  @Test
  void areWrongIfTheServiceCountsFewer() throws IOException {
    // given
    change("usage_completion_tokens", 29);
    // then: the config has ignore_eos
    assertThat(lengths().orElseThrow().level().value()).isEqualTo("warning");
    assertThat(lengths().orElseThrow().advice())
        .isEqualTo("aiperf_options: {extra_inputs: {min_tokens: 32}}");
  }

  @Test
  void areWrongIfTheServiceCountsWhatItDoesNotSend() throws IOException {
    // given: it reports 32 tokens and sends 5 words
    change("output_sequence_length", 5);
    change("osl_mismatch_diff_pct", -100 * 27 / 32.0);
    // then
    assertThat(run.alarms()).contains("warning lengths", "invalid replies");
  }
}
