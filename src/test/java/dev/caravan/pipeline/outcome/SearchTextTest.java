package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.Slo;
import dev.caravan.pipeline.outcome.SearchSummary.Answer;
import dev.caravan.pipeline.outcome.SearchSummary.Load;
import dev.caravan.pipeline.outcome.SearchSummary.Mean;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The answer of a search in words never contradicts itself. */
class SearchTextTest {

  private static final Slo TTFT = new Slo("ttft_ms_p99", 500);

  private static Load load(long load, int runs, int kept, double ttft, String failure) {
    Mean mean = new Mean(ttft, Optional.empty(), Optional.empty());
    return new Load(load, runs, kept, Map.of("ttft_ms_p99", mean), failure);
  }

  private static String sentence(Slo bound, Load keeps, Load misses) {
    Answer answer =
        new Answer(
            "",
            Map.of(),
            Optional.of(keeps.load()),
            Optional.of(misses.load()),
            "precision",
            "",
            List.of(keeps, misses));
    return new SearchText("concurrency", List.of(bound), answer).sentence("");
  }

  @ParameterizedTest
  @CsvSource({
    "431.2, 552.9, 500, '≤ 500 ms (431 ms, 2 runs); 47 does not (553 ms, 2 runs)'",
    "499.7, 500.3, 500, '≤ 500 ms (500 ms, 2 runs); 47 does not (500.3 ms, 2 runs)'",
    "500, 500.004, 500, '≤ 500 ms (500 ms, 2 runs); 47 does not (500.004 ms, 2 runs)'",
    "1200.2, 1260, 1234.56, '≤ 1,234.56 ms (1,200 ms, 2 runs); 47 does not (1,260 ms, 2 runs)'",
    "1234.5, 1234.6, 1234.56, '≤ 1,234.56 ms (1,234.5 ms, 2 runs); 47 does not (1,235 ms, 2 runs)'"
  })
  void roundsNoValueOntoItsBound(double kept, double missed, double bound, String expected) {
    // when
    String sentence =
        sentence(
            new Slo("ttft_ms_p99", bound), load(46, 2, 2, kept, ""), load(47, 2, 0, missed, ""));

    // then
    assertThat(sentence).isEqualTo("concurrency 46 meets TTFT p99 " + expected);
  }

  @Test
  void tellsWhichRunsOfALoadThatKeepsTheBoundsDoNot() {
    // given
    Load failing = load(46, 3, 2, 300, "all 120 requests failed");

    // then
    assertThat(sentence(TTFT, failing, load(47, 2, 0, 600, "")))
        .startsWith(
            "concurrency 46 meets TTFT p99 ≤ 500 ms (300 ms, 3 runs, of which 1 does not: all 120"
                + " requests failed); 47 does not (600 ms, 2 runs)");
    assertThat(sentence(TTFT, load(46, 5, 3, 1076, ""), load(47, 2, 0, 600, "")))
        .as("a mean that outliers carry beyond the bound")
        .contains("(1,076 ms, 5 runs, of which 2 do not);");
    assertThat(sentence(TTFT, load(46, 5, 3, 480, ""), load(47, 2, 0, 600, "")))
        .as("noise around a mean within the bound")
        .contains("(480 ms, 5 runs);");
  }
}
