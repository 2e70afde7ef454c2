package dev.caravan.config;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchSectionTest {

  /** Without concurrency, which a search sets. */
  private static final String BASE =
      """
      base_config: {model: m, url: "http://h:8000", warmup_request_count: 1, benchmark_duration: 5, streaming: true}
      slo: {ttft_ms_p99: 500}
      """;

  private static Search search(String config) {
    return FixedRules.read(config).matrix().search().orElseThrow();
  }

  @Test
  void isEightLines() {
    // given
    String config =
        """
        base_config:
          model: m
          url: http://h:8000
          streaming: true
          warmup_request_count: 10
          benchmark_duration: 60
        slo: {ttft_ms_p99: 500}
        search: {concurrency: [1, 512]}
        """;
    // when
    Search search = search(config);
    // then
    assertThat(search.key()).isEqualTo("concurrency");
    assertThat(search.precision()).isEqualTo(0.05);
    assertThat(search.loads())
        .hasSize(165)
        .startsWith(1L, 2L, 3L)
        .contains(46L, 47L)
        .endsWith(512L);
    assertThat(search.most()).isEqualTo(37);
  }

  @Test
  void stepsByHalfOfThePrecision() {
    // when
    Search coarse = search(BASE + "search: {concurrency: [100, 200], precision: 20%}\n");
    Search rates =
        search(
            BASE
                + "sweeps: {concurrency: [9]}\nsearch: {request_rate: [0.5, 2], precision: 20%}\n");
    // then
    assertThat(coarse.loads())
        .containsExactly(100L, 110L, 121L, 133L, 146L, 160L, 176L, 193L, 200L);
    assertThat(rates.loads()).startsWith(0.5, 0.55, 0.605, 0.665).endsWith(2L);
    assertThat(rates.loads()).doesNotHaveDuplicates();
  }

  @Test
  void isMultipliedWithSweepsPointsAndVariants() {
    // given
    String config =
        BASE
            + "sweeps: {prompt_output_tokens_mean: [10, 20]}\n"
            + "points: [{isl: 100}, {isl: 200}]\n"
            + "variants: {a: {}, b: {random_seed: 7}}\n"
            + "search: {concurrency: [1, 4]}\n";
    // when
    RunMatrix matrix = FixedRules.read(config).matrix();
    // then
    assertThat(matrix.cells()).isEqualTo(2 * 2 * 4);
    assertThat(matrix.varied().keySet()).last().isEqualTo("concurrency");
    assertThat(matrix.isOneQueue()).isTrue();
  }

  @Test
  void sendsPromptsOfTheirOwn() {
    assertThat(FixedRules.read(BASE + "search: {concurrency: [1, 4]}\n").variesPrompts()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          search: {}                                         | 3:9: search: must have exactly one of concurrency, request_rate
          search: {concurrency: [1, 2], request_rate: [1, 2]} | 3:9: search: must have exactly one of concurrency, request_rate
          search: {concurrency: 4}                           | 3:23: search.concurrency: must be the lowest and the highest load, such as [1, 512]
          search: {concurrency: [4, 4]}                      | 3:23: search.concurrency: must be the lowest and the highest load, such as [1, 512]; the second must be higher than the first
          search: {concurrency: [0, 4]}                      | 3:24: search.concurrency[0]: "0": must be a whole number, 1 or more
          search: {request_rate: [1, inf]}                   | 3:28: search.request_rate[1]: "inf": must be a number of more than 0 and at most 1000000
          search: {request_rate: [0.001, 1000000], precision: 1%} | 3:24: search.request_rate: the second is more than 1,000,000 times the first
          search: {request_rate: [1, 1000000], precision: 1%} | 3:24: search.request_rate: makes 2,884 loads in steps of half of the precision; at most 500: give a larger precision, or a narrower range
          search: {concurrency: [1, 4], precision: 5}        | 3:42: search.precision: "5": must be a percentage, such as 5%
          search: {concurrency: [1, 4], precision: 60%}      | 3:42: search.precision: must be from 1% to 50%
          search: {concurency: [1, 4], concurrency: [1, 4]}  | 3:10: search.concurency: unknown key; did you mean "concurrency"?
          """)
  void refusesWhatIsNoSearch(String section, String problem) {
    assertThat(FixedRules.problems(BASE + section + "\n")).contains("c.yaml:" + problem);
  }

  @Test
  void needsBoundsThatAHigherLoadBreaksAndEveryRunHas() {
    // given
    String base =
        BASE.replace("streaming: true", "api_key_env_var: SET_API_KEY")
            .replace("500", "500, output_tokens_per_s: 10, output_tokens_per_s_per_user: 5");
    // when
    List<String> problems =
        FixedRules.problems(
            base + "sweeps: {streaming: [true, false]}\nsearch: {concurrency: [1, 4]}\n");
    // then
    assertThat(problems)
        .containsExactly(
            "c.yaml:2:1: slo.output_tokens_per_s: cannot be combined with search: it grows with"
                + " the load, and a search needs bounds that a higher load misses",
            "c.yaml:2:7: slo.ttft_ms_p99: not every run has it: requires streaming: true",
            "c.yaml:2:50: slo.output_tokens_per_s_per_user: not every run has it: requires"
                + " streaming: true");
  }

  @Test
  void refusesTogetherWhatItTakesThePlaceOf() {
    // when
    List<String> problems =
        FixedRules.problems(
            BASE.replaceAll("slo.*\n", "")
                + """
                sweeps: {isl: [1, 2]}
                points: [{concurrency: 3}]
                repeat: 3
                compare: {last: 2}
                exclude: [{concurrency: 2}]
                search: {concurrency: [1, 4]}
                """);
    // then
    assertThat(problems)
        .containsExactly(
            "c.yaml:3:24: points[0].concurrency: also in search; set only one",
            "c.yaml:4:1: repeat: cannot be combined with search, which repeats runs where"
                + " necessary",
            "c.yaml:5:1: compare: cannot be combined with search, which repeats loads only as"
                + " their results require",
            "c.yaml:6:1: exclude: not by concurrency, which search chooses",
            "c.yaml:7:1: search: requires slo: the bounds that runs should meet, such as slo:"
                + " {ttft_ms_p99: 500}");
  }

  @Test
  void countsTheMostRunsThatThereCanBe() {
    // given
    String config = BASE + "sweeps: {isl: [1, 2, 3]}\nsearch: {concurrency: [1, 512]}\n";
    // when
    List<String> problems =
        FixedRules.problems(config.getBytes(StandardCharsets.UTF_8), new FixedRules(100, Set.of()));
    // then
    assertThat(problems)
        .containsExactly(
            "c.yaml:4:1: search: makes 111 runs (37 × 3); caravan.batch.max-runs allows 100");
  }

  private static String sweptBy(int lengths, String search) {
    String isl = IntStream.rangeClosed(1, lengths).mapToObj(String::valueOf).collect(joining(", "));
    return BASE + "sweeps: {isl: [" + isl + "]}\n" + search;
  }

  @Test
  void boundsWhatCouldBeRun() {
    // given
    String search = "search: {concurrency: [1, 512]}\n";
    // when
    List<String> problems = FixedRules.problems(sweptBy(1_500, search));
    // then
    assertThat(problems)
        .containsExactly(
            "c.yaml:4:1: search: 1,500 searches among 165 loads, each of which can be run 7 times,"
                + " are 1,732,500 possible runs; at most 1,000,000, or 10 × caravan.batch.max-runs"
                + " if that is more");
    assertThat(FixedRules.problems(sweptBy(150, search))).isEmpty();
  }
}
