package dev.caravan.pipeline.outcome.checks;

import static dev.caravan.pipeline.outcome.checks.Attempt.constant;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.pipeline.environment.Environment;
import dev.caravan.pipeline.environment.Moment;
import dev.caravan.pipeline.environment.ServiceSightings;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each check at its thresholds, and on work that must not alarm it. */
class ChecksTest {

  @Test
  void areFoundByTheirIds() {
    for (int i = 0; i < Checks.ALL.size(); i++) {
      Check check = Checks.ALL.get(i);
      assertThat(Checks.find(check.id())).containsSame(check);
      assertThat(Checks.position(check.id())).isEqualTo(i);
    }
    assertThat(Checks.find("none of them")).isEmpty();
    assertThat(Checks.position("none of them")).isEqualTo(Checks.ALL.size());
  }

  @Test
  void adviseWhatCanBeReadAfterTheWordTry() {
    for (Check check : Checks.ALL) {
      assertThat(check.description().advice())
          .doesNotMatch("(check|find|let|run|see|send|slew|turn)\\b.*");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, 0, 0, silent",
    "399, 1, 0, degraded",
    "200, 200, 0, degraded",
    "199, 201, 0, invalid",
    "100, 300, 300, degraded",
  })
  void errors(long succeeded, long failed, long rateLimited, String level) {
    assertThat(Attempt.honest().counts(succeeded, failed, rateLimited, 0).level("errors"))
        .isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({"400, 0, silent", "400, 1, degraded", "50, 50, degraded", "49, 51, invalid"})
  void unanswered(long succeeded, long cancelled, String level) {
    assertThat(Attempt.honest().counts(succeeded, 0, 0, cancelled).level("unanswered"))
        .isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 100, silent",
    "20, 100, silent",
    "21, 100, warning",
    "0, 49, warning",
    "0, 50, silent",
    "0, 200, silent",
    "0, 201, warning",
  })
  void lengths(double mismatches, double mean, String level) {
    assertThat(
            Attempt.honest()
                .metric("osl_mismatch_count", mismatches)
                .metric("output_sequence_length", mean)
                .level("lengths"))
        .isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({
    "9, 100, 0, invalid",
    "9, 91, 9, invalid",
    "9, 90, 10, warning",
    "9, 51, 49, warning",
    "9, 50, 50, silent",
    "24, 100, 0, invalid",
    "25, 100, 0, warning",
    "89, 100, 0, warning",
    "90, 100, 0, silent",
    "100, 100, 0, silent",
    "9, 9, 0, unchecked",
  })
  void replies(int length, long equal, long others, String level) {
    Map<Integer, Long> lengths =
        others == 0 ? Map.of(length, equal) : spread(length, equal, others);
    assertThat(Attempt.honest().replies(lengths).level("replies")).isEqualTo(level);
  }

  /** The other replies all have lengths of their own. */
  private static Map<Integer, Long> spread(int length, long equal, long others) {
    Map<Integer, Long> lengths = new HashMap<>(Map.of(length, equal));
    for (int i = 0; i < others; i++) {
      lengths.put(1_000 + i, 1L);
    }
    return lengths;
  }

  @Test
  void repliesOfTheRequestedLengthAreNotCannedHoweverShort() {
    assertThat(
            Attempt.honest()
                .parameter("prompt_output_tokens_mean", 1L)
                .replies(Map.of(1, 100L))
                .level("replies"))
        .isEqualTo("silent");
  }

  @ParameterizedTest
  @CsvSource({
    "46, silent", // a template of 30 tokens and the margin
    "55, silent",
    "57, note",
    "146, note",
    "147, warning",
  })
  void cacheByUsage(double cached, String level) {
    assertThat(Attempt.honest().metric("usage_prompt_cache_read_tokens", cached).level("cache"))
        .isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({"36000, silent", "70000, note", "90000, warning"})
  void cacheByCountersWithoutUsage(double hits, String level) {
    assertThat(
            Attempt.honest().noMetric("usage_prompt_tokens").server(hits, 4, 4, 1).level("cache"))
        .isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({"100, 100, silent", "100, 95, silent", "100, 94, note"})
  void cacheWithoutCounters(int sent, long distinct, String level) {
    assertThat(
            Attempt.honest()
                .requests(new long[sent], new float[sent], Map.of(100, (long) sent), distinct)
                .level("cache"))
        .isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({
    "shared_system_prompt_length",
    "prompt_prefix_length",
    "user_context_prompt_length",
    "conversation_turn_mean"
  })
  void aSharedPrefixIsWhatIsMeasured(String option) {
    assertThat(
            Attempt.honest()
                .option(option, 500L)
                .metric("usage_prompt_cache_read_tokens", 900)
                .level("cache"))
        .isEqualTo("unchecked");
  }

  @ParameterizedTest
  @CsvSource({
    "4, silent",
    "5, note", // 3.6 of 5 would be degraded: see below
  })
  void loadOfBusyConnections(long concurrency, String level) {
    Attempt attempt = Attempt.honest().latencies(constant(400, 300));
    assertThat(attempt.parameter("concurrency", concurrency).level("load")).isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({"6, 2, degraded", "9, 2, degraded", "9, 40, invalid"})
  void loadThatIsNotReached(long concurrency, double waitInClient, String level) {
    assertThat(
            Attempt.honest()
                .metric("credit_to_start_latency", waitInClient)
                .latencies(constant(400, 300))
                .parameter("concurrency", concurrency)
                .level("load"))
        .isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({
    "300, silent", // as asked for
    "250, silent", // within the scatter of a Poisson process
    "245, note",
    "175, note",
    "172, degraded",
  })
  void rate(int started, String level) {
    assertThat(
            Attempt.honest()
                .parameter("request_rate", 10.0)
                .requests(new long[started], new float[started], Map.of(), started)
                .level("load"))
        .isEqualTo(level);
  }

  @Test
  void thinkTimesAndTracesSetTheLoadThemselves() {
    assertThat(
            Attempt.honest()
                .option("conversation_turn_delay_mean", 500L)
                .latencies(constant(400, 30))
                .level("load"))
        .isEqualTo("unchecked");
    assertThat(
            Attempt.honest()
                .parameter("input_file", "trace.jsonl")
                .latencies(constant(400, 30))
                .level("load"))
        .isEqualTo("unchecked");
  }

  @ParameterizedTest
  @CsvSource({"9, silent", "9.3, note", "30, note", "31, degraded"})
  void client(double wait, String level) {
    assertThat(Attempt.honest().metric("credit_to_start_latency", wait).level("client"))
        .isEqualTo(level);
  }

  @Test
  void stallOfTheClient() {
    assertThat(Attempt.honest().holdUps(200.0, 499.0, 900.0).level("stall")).isEqualTo("silent");
    assertThat(Attempt.honest().holdUps(501.0, 502.0, 503.0).level("stall")).isEqualTo("degraded");
    assertThat(Attempt.honest().holdUps(1_100.0).level("stall")).isEqualTo("degraded");
    assertThat(Attempt.honest().holdUps(2_100.0).level("stall")).isEqualTo("invalid");
  }

  @Test
  void stallOfALongRunIsInvalidFromAShareOfItOn() {
    assertThat(
            Attempt.honest()
                .latencies(constant(1_000, 400)) // 100 s on four connections
                .holdUps(4_900.0)
                .level("stall"))
        .isEqualTo("degraded");
    assertThat(Attempt.honest().latencies(constant(1_000, 400)).holdUps(5_100.0).level("stall"))
        .isEqualTo("invalid");
  }

  @Test
  void stallOfTheService() {
    // given
    double[] latencies = constant(400, 300);
    Arrays.fill(latencies, 200, 204, 2_600); // all four connections wait

    // then
    assertThat(Attempt.honest().latencies(latencies).level("stall")).isEqualTo("degraded");
  }

  @Test
  void oneSlowRequestIsNoStall() {
    // given
    double[] latencies = constant(400, 300);
    latencies[200] = 20_000;

    // then
    assertThat(Attempt.honest().latencies(latencies).level("stall")).isEqualTo("silent");
  }

  @Test
  void aReasoningModelIsNoStall() {
    // given: nothing for 20 s, as always
    double[] latencies = constant(80, 20_000);

    // then
    assertThat(Attempt.honest().latencies(latencies).level("stall")).isEqualTo("silent");
  }

  @ParameterizedTest
  @CsvSource({
    "1, 100, 290, warning",
    "2, 8, 290, warning",
    "3, 100, 290, silent", // speculative decoding sends many tokens a piece
    "2, 7, 290, silent", // so few tokens fit in one piece
    "1, 100, 270, silent",
  })
  void stream(double chunks, double tokens, double ttft, String level) {
    assertThat(
            Attempt.honest()
                .metric("http_req_chunks_received", chunks)
                .metric("output_sequence_length", tokens)
                .metric("time_to_first_token", ttft)
                .level("stream"))
        .isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({"1, 1 piece", "1.5, 1.5 pieces", "2, 2 pieces"})
  void streamCountsPieces(double chunks, String pieces) {
    // given
    Attempt buffered =
        Attempt.honest()
            .metric("http_req_chunks_received", chunks)
            .metric("time_to_first_token", 290);
    // when
    CheckResults results = Checks.examine(buffered.evidence(), CheckRules.DEFAULTS);
    // then
    assertThat(results.findings())
        .extracting(Finding::message)
        .anyMatch(message -> message.contains(" arrive in " + pieces + ", "));
  }

  @Test
  void streamIsNotAskedWithoutStreaming() {
    assertThat(Attempt.honest().parameter("streaming", false).level("stream"))
        .isEqualTo("unchecked");
  }

  @ParameterizedTest
  @CsvSource({
    "10, 1030, some/model, silent",
    "10.5, 1030, some/model, warning",
    "30, 1030, builtin, note",
    "1, 1180, some/model, silent", // a chat template of 80 tokens, and 10 %
    "1, 1190, some/model, note", // more than a template is, but replies agree
    "1, 890, some/model, warning",
  })
  void tokens(double difference, double prompt, String tokenizer, String level) {
    assertThat(
            Attempt.honest()
                .parameter("tokenizer", tokenizer)
                .metric("usage_completion_tokens_diff_pct", difference)
                .metric("usage_prompt_tokens", prompt)
                .level("tokens"))
        .isEqualTo(level);
  }

  @Test
  void promptsOfAnEarlierRunAreANoteWhereTheServiceDoesNotSayWhatItCaches() {
    // given
    Attempt repeated =
        Attempt.honest()
            .latencies(constant(400, 300))
            .environment(prompts("abc"))
            .earlierPrompts("abc", "run 1");

    // then
    assertThat(repeated.level("cache")).isEqualTo("note");
    assertThat(repeated.earlierPrompts("def", "run 1").level("cache")).isEqualTo("silent");
    assertThat(
            repeated
                .earlierPrompts("abc", "run 1")
                .option("cache_bust", "first_turn_prefix")
                .level("cache"))
        .isEqualTo("silent");
  }

  private static Environment prompts(String digest) {
    Moment moment = new Moment(OffsetDateTime.parse("2026-11-28T12:00:00Z"), 1, Map.of());
    return new Environment(
        1, Map.of(), Map.of(), moment, moment, List.of(), ServiceSightings.NONE, digest);
  }

  @Test
  void reasoningTokensExplainTheDifference() {
    assertThat(
            Attempt.honest()
                .metric("usage_completion_tokens_diff_pct", 300)
                .metric("usage_reasoning_tokens", 300)
                .level("tokens"))
        .isEqualTo("note");
  }

  @ParameterizedTest
  @CsvSource({"368, 30, silent", "367, 30, note", "35, 30, note", "400, 2.9, note"})
  void samples(long answered, double seconds, String level) {
    assertThat(
            Attempt.honest()
                .counts(answered, 0, 0, 0)
                .metric("benchmark_duration", seconds)
                .level("samples"))
        .isEqualTo(level);
  }

  @Test
  void burst() {
    // given
    double[] latencies = constant(200, 300);
    Arrays.fill(latencies, 0, 4, 500);

    // then
    assertThat(Attempt.honest().latencies(latencies).level("burst")).isEqualTo("note");
    assertThat(Attempt.honest().latencies(constant(200, 300)).level("burst")).isEqualTo("silent");
    assertThat(Attempt.honest().latencies(constant(23, 300)).level("burst")).isEqualTo("unchecked");
  }

  @Test
  void steady() {
    // given
    double[] rising = new double[400];
    Arrays.setAll(rising, i -> 300 + i * 0.15); // 20 % from end to end, 14 % between the thirds
    double[] fast = new double[400];
    Arrays.setAll(fast, i -> 300 + i * 0.35); // 28 % between the thirds
    double[] slowly = new double[400];
    Arrays.setAll(slowly, i -> 300 + i * 0.08);
    double[] stepped = constant(400, 300);
    Arrays.fill(stepped, 390, 400, 900);

    // then
    assertThat(Attempt.honest().latencies(rising).level("steady")).isEqualTo("note");
    assertThat(Attempt.honest().latencies(fast).level("steady")).isEqualTo("warning");
    assertThat(Attempt.honest().latencies(slowly).level("steady")).isEqualTo("silent");
    assertThat(Attempt.honest().latencies(stepped).level("steady")).isEqualTo("silent");
    assertThat(Attempt.honest().latencies(constant(53, 300)).level("steady"))
        .isEqualTo("unchecked");
  }

  @Test
  void steadyIsSeldomWrongAboutStationaryRuns() {
    // given
    Random random = new Random(7);
    int alarms = 0;

    // when
    for (int run = 0; run < 1_000; run++) {
      double[] latencies = new double[60 + run % 400];
      double spread = 0.02 + 0.5 * (run % 10) / 10;
      Arrays.setAll(latencies, i -> 300 * Math.exp(spread * random.nextGaussian()));
      alarms += Attempt.honest().latencies(latencies).level("steady").equals("silent") ? 0 : 1;
    }

    // then
    assertThat(alarms).isLessThanOrEqualTo(10);
  }

  @Test
  void steadySeldomWarnsOfWhatComesAndGoesOnAHost() {
    // given
    Random random = new Random(7);
    int warnings = 0;

    // when: slowdowns of 5 % that last from a tenth of the run to all of it
    for (int run = 0; run < 1_000; run++) {
      double[] latencies = new double[100 + run % 300];
      double stays = Math.exp(-1.0 / (latencies.length * (0.1 + 0.9 * (run % 10) / 9)));
      double slowdown = random.nextGaussian();
      for (int i = 0; i < latencies.length; i++) {
        slowdown = stays * slowdown + Math.sqrt(1 - stays * stays) * random.nextGaussian();
        latencies[i] = 300 * Math.exp(0.05 * slowdown + 0.02 * random.nextGaussian());
      }
      warnings += Attempt.honest().latencies(latencies).level("steady").equals("warning") ? 1 : 0;
    }

    // then
    assertThat(warnings).isLessThanOrEqualTo(10);
  }

  @ParameterizedTest
  @CsvSource({
    "4, 4, 1, silent",
    "5, 5, 1, silent",
    "5.1, 4, 1, warning",
    "3, 6, 1, warning",
    "20, 20, 2, unchecked",
  })
  void alone(double running, double mostRunning, int engines, String level) {
    assertThat(Attempt.honest().server(0, running, mostRunning, engines).level("alone"))
        .isEqualTo(level);
  }

  @Test
  void embeddingsHaveOnlyTheChecksThatApply() {
    // given
    Attempt embeddings =
        Attempt.honest()
            .parameter("streaming", false)
            .without("prompt_output_tokens_mean")
            .noMetric("output_sequence_length")
            .noMetric("time_to_first_token")
            .noMetric("usage_completion_tokens_diff_pct")
            .latencies(constant(400, 30));

    // when
    CheckResults results = Checks.examine(embeddings.evidence(), CheckRules.DEFAULTS);

    // then
    assertThat(results.findings()).isEmpty();
    assertThat(results.unchecked()).containsKeys("lengths", "replies", "stream", "tokens");
    assertThat(results.checked()).contains("errors", "load", "client", "steady");
  }

  @Test
  void theWorstFindingComesFirst() {
    // when
    CheckResults results =
        Checks.examine(
            Attempt.honest().counts(100, 300, 0, 0).metric("osl_mismatch_count", 90).evidence(),
            CheckRules.DEFAULTS);

    // then
    assertThat(results.findings())
        .extracting(Finding::id)
        .containsExactly("errors", "lengths", "samples");
    assertThat(results.worst(Level.INVALID)).map(Finding::id).hasValue("errors");
  }

  @Test
  void rulesSwitchOffLimitAndMoveThresholds() {
    // given
    CheckRules.Rule off = new CheckRules.Rule(true, Optional.empty(), Map.of());
    CheckRules.Rule warning = new CheckRules.Rule(false, Optional.of(Level.WARNING), Map.of());
    CheckRules.Rule wider =
        new CheckRules.Rule(false, Optional.empty(), Map.of(Level.WARNING, 10.0));
    Evidence evidence =
        Attempt.honest().counts(100, 300, 0, 0).metric("osl_mismatch_count", 9).evidence();

    // when
    CheckResults results =
        Checks.examine(
            evidence, new CheckRules(Map.of("samples", off, "errors", warning, "lengths", wider)));

    // then
    assertThat(results.unchecked()).containsEntry("samples", "switched off in the config");
    assertThat(results.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.id()).isEqualTo("errors");
              assertThat(finding.level()).isEqualTo(Level.WARNING);
            });
  }

  @Test
  void aMovedThresholdOfStallsCounts() {
    // given
    CheckRules rules = rules("stall", Level.DEGRADED, 5);
    double[] latencies = constant(400, 300);
    Arrays.fill(latencies, 200, 204, 2_600);

    // then
    assertThat(alarms(Attempt.honest().holdUps(1_100.0), rules)).isEmpty();
    assertThat(alarms(Attempt.honest().holdUps(501.0, 502.0, 503.0), rules)).isEmpty();
    assertThat(alarms(Attempt.honest().latencies(latencies), rules)).isEmpty();
    assertThat(alarms(Attempt.honest().holdUps(1_100.0), rules("stall", Level.DEGRADED, 1)))
        .containsExactly("stall");
  }

  private static CheckRules rules(String id, Level level, double threshold) {
    return new CheckRules(
        Map.of(id, new CheckRules.Rule(false, Optional.empty(), Map.of(level, threshold))));
  }

  private static List<String> alarms(Attempt attempt, CheckRules rules) {
    return Checks.examine(attempt.evidence(), rules).findings().stream()
        .filter(finding -> finding.level().compareTo(Level.NOTE) > 0)
        .map(Finding::id)
        .toList();
  }

  @Test
  void aLogThatLacksRequestsTellsNothingAboutTheLoad() {
    // given
    Attempt attempt =
        Attempt.honest()
            .parameter("request_rate", 10.0)
            .latencies(constant(100, 300))
            .counts(300, 0, 0, 0);

    // then
    assertThat(attempt.level("load")).isEqualTo("unchecked");
    assertThat(attempt.level("steady")).isEqualTo("unchecked");
  }

  @Test
  void everyCheckIsDescribed() {
    assertThat(Checks.ALL)
        .allSatisfy(
            check -> {
              assertThat(check.id()).matches("[a-z]+");
              assertThat(check.description().rule()).isNotBlank();
              assertThat(check.description().why()).endsWith(".");
              assertThat(check.description().thresholds().byLevel()).isNotEmpty();
            });
    assertThat(Checks.ALL).extracting(Check::id).doesNotHaveDuplicates();
  }
}
