package dev.caravan.config;

import static dev.caravan.config.FixedRules.BASE;
import static dev.caravan.config.FixedRules.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All problems of a config are reported at once, with position, path, value and rule. */
class RefusedConfigTest {

  @Test
  void listsAllProblemsInTheOrderOfTheFile() {
    // given
    String config =
        """
        batch_name: a/b
        sweps: {}
        base_config:
          model: m
          concurency: 4
          benchmark_duration: "1,2"
          warmup_request_count: -1
          streaming: maybe
          endpoint_type: chats
          model: n
        sweeps:
          benchmark_duration: []
          random_seed: [1, 2.5, "1", x]
          colour: [red]
          streaming: true
        """;

    // when / then
    assertThat(problems(config))
        .containsExactly(
            "c.yaml:1:13: batch_name: \"a/b\": becomes a folder name: must not contain \"/\" or"
                + " \"..\", or start with a dot",
            "c.yaml:2:1: sweps: unknown key; did you mean \"sweeps\"?",
            "c.yaml:3:1: base_config.url: required, but set in neither base_config nor sweeps",
            "c.yaml:3:1: base_config.concurrency: required, but set in neither base_config nor sweeps",
            "c.yaml:5:3: base_config.concurency: unknown key; did you mean \"concurrency\"?",
            "c.yaml:6:23: base_config.benchmark_duration: \"1,2\": must be a whole number, 1 or"
                + " more; to try several values, list them under sweeps",
            "c.yaml:7:25: base_config.warmup_request_count: \"-1\": must be a whole number, 0 or"
                + " more",
            "c.yaml:8:14: base_config.streaming: \"maybe\": must be true or false",
            "c.yaml:9:18: base_config.endpoint_type: \"chats\": must be one of chat, completions,"
                + " responses, messages, embeddings, chat_embeddings, nim_embeddings,"
                + " cohere_rankings, hf_tei_rankings, nim_rankings, image_generation, image_edit,"
                + " image_retrieval and 5 more; did you mean \"chat\"?",
            "c.yaml:10:3: base_config.model: duplicate key, first at line 4",
            "c.yaml:12:23: sweeps.benchmark_duration: must not be empty; remove the key instead",
            "c.yaml:13:20: sweeps.random_seed[1]: \"2.5\": must be a whole number, 0 or more",
            "c.yaml:13:25: sweeps.random_seed[2]: duplicate of item [0]",
            "c.yaml:13:30: sweeps.random_seed[3]: \"x\": must be a whole number, 0 or more",
            "c.yaml:14:3: sweeps.colour: unknown key; this takes keys of base_config and aiperf options",
            "c.yaml:15:14: sweeps.streaming: must be a list of values, such as [1, 2, 4]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "concurrency: 0 | \"0\": must be a whole number, 1 or more",
        "concurrency: 1.5 | \"1.5\": must be a whole number, 1 or more",
        "concurrency: true | \"true\": must be a whole number, 1 or more",
        "concurrency: [1, 2] | a list: must be a whole number, 1 or more; to try several values,"
            + " list them under sweeps",
        "concurrency: {a: 1} | a mapping: must be a whole number, 1 or more",
        "concurrency: 99999999999999999999 | \"99999999999999999999\": must be a whole number, 1 or"
            + " more",
        "concurrency: .inf | \".inf\": must be a whole number, 1 or more",
        "request_rate: 0 | \"0\": must be a number, more than 0, or inf for no limit",
        "request_rate: .nan | \".nan\": must be a number, more than 0, or inf for no limit",
        "request_rate: -.inf | \"-.inf\": must be a number, more than 0, or inf for no limit",
        "request_rate_mode: gamma | \"gamma\": must be one of constant, poisson",
        "model: 7 | \"7\": must be a string; YAML reads it as a number, so put it in quotes",
        "model: 2026-11-24 | \"2026-11-24\": must be a string; YAML reads it as a date, so put it in"
            + " quotes",
        "model: no | \"no\": must be a string; YAML reads it as a boolean, so put it in quotes",
        "model: 'a,b' | \"a,b\": must not contain a comma: aiperf would split the value; to try"
            + " several values, list them under sweeps",
        "model: '--url' | \"--url\": must not start with \"-\", which aiperf would read as a flag",
        "model: ' ' | \" \": must not be empty",
        "model: 'm ' | \"m \": must not start or end with a space",
        "tokenizer: \"a\\e[2J\" | \"a\\u001b[2J\": must not contain control characters",
        "tokenizer: \"\\ud800\" | \"\\ud800\": must be valid Unicode",
        "endpoint: v1 chat | \"v1 chat\": must be a path of printable ASCII characters without spaces",
        "endpoint: 'http://h/v1' | \"http://h/v1\": must be a path; the host belongs in url",
        "endpoint_type: template | \"template\": is not supported by Caravan: aiperf would read its"
            + " template from any file; write the request bodies into an input_file and use raw",
        "tokenizer: \"a\\u200Bb\" | \"a\\u200bb\": must not contain invisible characters, such as U+200B",
        "model: !!float 7 | \"7\": must be a string; YAML reads it as a number, so put it in quotes",
        "health_check_endpoint: None | \"None\": must be a path, or none",
        "health_check_endpoint: http://h/x | \"http://h/x\": must be a path; the host belongs in url",
        "health_check_endpoint: v1 models | \"v1 models\": must be a path of printable ASCII"
            + " characters without spaces",
        "input_file: gone.jsonl | \"gone.jsonl\": is not there",
        "tokenizer: !!python/name:os.system x | has a YAML tag that is not allowed in a config",
      })
  void reportsTheRuleThatAValueBreaks(String line, String rule) {
    // given
    String key = line.substring(0, line.indexOf(':'));
    String others = BASE.replaceAll("(?m)^  " + key + ":.*\n", "");

    // when
    List<String> problems = problems(others + "  " + line + "\n");

    // then
    assertThat(problems).singleElement().asString().endsWith(": base_config." + key + ": " + rule);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'..' | becomes a folder name: must not contain \"/\" or \"..\", or start with a dot",
        ".hidden | becomes a folder name: must not contain \"/\" or \"..\", or start with a dot",
        "\"a\\nb\" | must not contain control characters",
        "'\"\"' | must not be empty",
      })
  void refusesInvalidFolderNames(String name, String rule) {
    assertThat(problems("batch_name: " + name + "\n" + BASE))
        .singleElement()
        .asString()
        .endsWith("\": " + rule);
  }

  @Test
  void refusesLongNamesAndTruncatesThemInMessages() {
    assertThat(problems("batch_name: " + "ä".repeat(101) + "\n" + BASE))
        .containsExactly(
            "c.yaml:1:13: batch_name: \""
                + "ä".repeat(60)
                + "…\": must be at most 200 bytes long, is 202");
  }

  @Test
  void appliesTheRulesForTheOutputFolder() {
    assertThat(problems("output_base_dir: /etc\n" + BASE))
        .containsExactly(
            "c.yaml:1:18: output_base_dir: \"/etc/benchmark\": lies outside caravan.results.roots");
  }

  @Test
  void explainsWhereMisplacedKeysBelong() {
    // given
    String config =
        "concurrency: 4\nhooks: {}\n" + BASE + "  request_count: 5\n  sweeps: {}\n  otel_url: x\n";

    // when / then
    assertThat(problems(config))
        .containsExactly(
            "c.yaml:1:1: concurrency: belongs under base_config; check the indentation",
            "c.yaml:9:3: base_config.request_count: is an aiperf flag; put it under"
                + " base_config.aiperf_options",
            "c.yaml:10:3: base_config.sweeps: belongs at the top level, not under base_config; check"
                + " the indentation",
            "c.yaml:11:3: base_config.otel_url: is an aiperf flag, not allowed: it makes aiperf"
                + " contact other hosts; set caravan.aiperf.options-allowed to allow it");
  }

  @Test
  void refusesTooManyRuns() {
    // given
    String sweeps =
        "sweeps:\n  concurrency: "
            + java.util.stream.LongStream.rangeClosed(1, 400).boxed().toList()
            + "\n  random_seed: "
            + java.util.stream.LongStream.rangeClosed(1, 400).boxed().toList()
            + "\n";

    // when / then
    assertThat(problems(BASE + sweeps))
        .containsExactly(
            "c.yaml:7:1: sweeps: makes 160,000 runs (400 × 400); caravan.batch.max-runs allows"
                + " 100,000");
  }

  @Test
  void refusesInvalidLabels() {
    // given
    String labels =
        "labels:\n  a b: 1\n  nested: {x: 1}\n  long: " + "x".repeat(201) + "\n  esc: \"\\e\"\n";

    // when / then
    assertThat(problems(BASE + labels))
        .containsExactly(
            "c.yaml:8:3: labels.\"a b\": a label name must be 1 to 64 letters, digits, \"_\","
                + " \".\" or \"-\"",
            "c.yaml:9:11: labels.nested: a mapping: must be a single value; labels cannot be nested",
            "c.yaml:10:9: labels.long: \""
                + "x".repeat(60)
                + "…\": must be at most 200 bytes long, is 201",
            "c.yaml:11:8: labels.esc: \"\\u001b\": must not contain control characters");
  }

  @Test
  void refusesInvalidKeysAndMerges() {
    // given
    String config = BASE + "sweeps:\n  on: [1]\n  ? [a]\n  : 1\n  <<: 5\n";

    // when / then
    assertThat(problems(config))
        .containsExactly(
            "c.yaml:8:3: sweeps: YAML reads the key \"on\" as a boolean; a key must be a string, so put"
                + " it in quotes",
            "c.yaml:9:5: sweeps: a key must be a name, not a list or a mapping",
            "c.yaml:11:7: sweeps: \"<<\" can merge only mappings");
  }

  @Test
  void listsTwoHundredProblemsAndCountsTheRest() {
    // given
    StringBuilder config = new StringBuilder(BASE);
    for (int i = 0; i < 1000; i++) {
      config.append("  unknown_").append(i).append(": 1\n");
    }

    // when
    List<String> problems = problems(config.toString());

    // then
    assertThat(problems).hasSize(201).last().isEqualTo("c.yaml: and 800 more problems");
  }
}
