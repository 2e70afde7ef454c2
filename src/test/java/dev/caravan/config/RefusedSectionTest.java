package dev.caravan.config;

import static dev.caravan.config.FixedRules.BASE;
import static dev.caravan.config.FixedRules.problems;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Problems of limits, retry, readiness and rerun. */
class RefusedSectionTest {

  private static final String DURATION =
      "must be a duration such as 250ms, 30s, 5m or 1h, more than 0 and at most 8760 h";

  @Test
  void listsTheProblemsOfAllSectionsAtOnce() {
    // given
    String config =
        """
        limits:
          warm-up: 5m
          warm_up: 30
          colour: red
          start_up: 1s
          start_up: 2s
        retry:
          attempts: 0
          on: [crashed, crashd, crashed, unauthorized]
        readiness: 5
        rerun:
          batch: ../b
        """;

    // when / then
    assertThat(problems(config + BASE))
        .containsExactly(
            "c.yaml:2:3: limits.warm-up: unknown key; did you mean \"warm_up\"?",
            "c.yaml:3:12: limits.warm_up: \"30\": " + DURATION + "; for seconds, write 30s",
            "c.yaml:4:3: limits.colour: unknown key; valid keys: start_up, warm_up,"
                + " measuring, export, run_timeout, no_progress, max_failures, same_cause",
            "c.yaml:6:3: limits.start_up: duplicate key, first at line 5",
            "c.yaml:8:13: retry.attempts: \"0\": must be a whole number, 1 or more and at most 10",
            "c.yaml:9:17: retry.on[1]: \"crashd\": must be one of crashed, incomplete_export,"
                + " start_failed, disturbed, tokenizer_unavailable, all_requests_failed, timed_out,"
                + " internal_error; did you mean \"crashed\"?",
            "c.yaml:9:25: retry.on[2]: \"crashed\": duplicate of item [0]",
            "c.yaml:9:34: retry.on[3]: \"unauthorized\": would fail the same way",
            "c.yaml:10:12: readiness: must be a mapping of keys to values",
            "c.yaml:12:3: rerun.run_index: required in this section",
            "c.yaml:12:10: rerun.batch: \"../b\": must not contain \"..\"");
  }

  @ParameterizedTest
  @CsvSource({"300", "'300'", "1:30", "0s", "-5s", "1.5h", "5 m", "1h30m", "8761h", "true", "[5m]"})
  void requiresADurationWithAUnit(String written) {
    for (String key :
        new String[] {"start_up", "warm_up", "measuring", "export", "run_timeout", "no_progress"}) {
      assertThat(problems(BASE + "limits: {" + key + ": " + written + "}\n"))
          .singleElement()
          .asString()
          .contains(": limits." + key + ": ", ": " + DURATION);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "limits | max_failures: 0 | \"0\": must be a whole number, 1 or more and at most 2147483647",
        "limits | same_cause: -1 | \"-1\": must be a whole number, 0 or more and at most 2147483647",
        "limits | same_cause: 2147483648 | \"2147483648\": must be a whole number, 0 or more and at"
            + " most 2147483647",
        "limits | same_cause: [1, 2] | a list: must be a whole number, 0 or more and at most"
            + " 2147483647",
        "retry | attempts: 11 | \"11\": must be a whole number, 1 or more and at most 10",
        "retry | attempts: '1,2' | \"1,2\": must be a whole number, 1 or more and at most 10",
        "retry | backoff: 10 | \"10\": must be a duration such as 250ms, 30s, 5m or 1h, 0 or more"
            + " and at most 8760 h; for seconds, write 10s",
        "retry | on: crashed | must be a list, such as [crashed, timed_out]",
        "retry | on: {crashed: 1} | must be a list, such as [crashed, timed_out]",
        "readiness | endpoint: NONE | \"NONE\": must be a path, or none",
        "readiness | status: 99 | \"99\": must be a whole number, 100 or more and at most 599",
        "readiness | status: 600 | \"600\": must be a whole number, 100 or more and at most 599",
        "readiness | interval: 0s | \"0s\": must be a duration such as 250ms, 30s, 5m or 1h, more"
            + " than 0 and at most 8760 h",
        "readiness | completion: maybe | \"maybe\": must be true or false",
        "readiness | patience: 5m | unknown key; valid keys: endpoint, status, wait, interval,"
            + " completion, preflight, quiet",
      })
  void reportsTheRuleThatAValueBreaks(String section, String line, String rule) {
    // given
    String path = section + "." + line.substring(0, line.indexOf(':'));

    // when / then
    assertThat(problems(BASE + section + ":\n  " + line + "\n"))
        .singleElement()
        .asString()
        .endsWith(": " + path + ": " + rule);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rejected_config | would fail the same way",
        "unauthorized | would fail the same way",
        "model_not_served | would fail the same way",
        "endpoint_not_found | would fail the same way",
        "invalid | would fail the same way; disturbed retries those that were disturbed",
        "target_lost | is always retried and does not count as an attempt",
        "lost | is always retried and does not count as an attempt",
        "unhealthy | has already waited for the service; to wait longer, set readiness.wait",
        "cancelled | was cancelled on purpose",
      })
  void explainsWhyACauseIsNotRetryable(String cause, String reason) {
    assertThat(problems(BASE + "retry: {on: [" + cause + "]}\n"))
        .containsExactly("c.yaml:7:14: retry.on[0]: \"" + cause + "\": " + reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'a/../b' | \"a/../b\": must not contain \"..\"",
        "'..' | \"..\": must not contain \"..\"",
        "'a/..' | \"a/..\": must not contain \"..\"",
        "\"a/b\\e[2J\" | \"a/b\\u001b[2J\": must not contain control characters",
        "\"a/b\\nc\" | \"a/b\\u000ac\": must not contain control characters",
        "'-a/b' | \"-a/b\": must not start with \"-\", which aiperf would read as a flag",
        "b | \"b\": must be <batch_name>/<timestamp>, or the path of the batch folder",
        "/ | \"/\": must be <batch_name>/<timestamp>, or the path of the batch folder",
        "7 | \"7\": must be a string; YAML reads it as a number, so put it in quotes",
        "[a/b] | a list: must be a string",
      })
  void refusesInvalidBatchNames(String batch, String rule) {
    assertThat(problems(BASE + "rerun:\n  batch: " + batch.strip() + "\n  run_index: 0\n"))
        .singleElement()
        .asString()
        .endsWith(": rerun.batch: " + rule);
  }

  @ParameterizedTest
  @CsvSource({"-1", "1.5", "x", "2147483648", "99999999999999999999999"})
  void refusesInvalidRunIndexes(String index) {
    assertThat(problems(BASE + "rerun: {batch: a/b, run_index: " + index + "}\n"))
        .singleElement()
        .asString()
        .contains("rerun.run_index: ", "must be a whole number, 0 or more");
  }

  @Test
  void requiresBothKeysOfARerun() {
    assertThat(problems(BASE + "rerun: {batch: , run_index: null}\n"))
        .containsExactly(
            "c.yaml:7:8: rerun.batch: required in this section",
            "c.yaml:7:8: rerun.run_index: required in this section");
  }

  @Test
  void refusesOtherYamlBooleansAsKeys() {
    assertThat(problems(BASE + "retry: {yes: [crashed]}\nlimits: {on: 1}\n"))
        .containsExactly(
            "c.yaml:7:9: retry: YAML reads the key \"yes\" as a boolean; a key must be a string, so put"
                + " it in quotes",
            "c.yaml:8:10: limits: YAML reads the key \"on\" as a boolean; a key must be a string, so put"
                + " it in quotes");
  }

  @Test
  void treatsQuotedAndUnquotedOnAsTheSameKey() {
    assertThat(problems(BASE + "retry: {on: [crashed], \"on\": []}\n"))
        .containsExactly("c.yaml:7:24: retry.on: duplicate key, first at line 7");
  }

  @Test
  void explainsThatTheyBelongAtTheTopLevel() {
    assertThat(problems(BASE + "  retry: {}\nlimit: {}\n"))
        .containsExactly(
            "c.yaml:7:3: base_config.retry: belongs at the top level, not under base_config; check"
                + " the indentation",
            "c.yaml:8:1: limit: unknown key; did you mean \"limits\"?");
  }
}
