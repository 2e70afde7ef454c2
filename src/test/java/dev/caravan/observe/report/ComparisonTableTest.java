package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.analysis.Verdict;
import dev.caravan.observe.report.ComparisonResult.Kind;
import dev.caravan.observe.report.ComparisonResult.Row;
import dev.caravan.observe.report.ComparisonResult.Side;
import dev.caravan.observe.report.ComparisonResult.Value;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComparisonTableTest {

  @ParameterizedTest
  @CsvSource({
    "80, 'isl 8192, osl 1024, concurrency 128', 'isl 8192, osl 1024, concurrency 256'",
    "300, 'prompt_input_tokens_mean 8192, prompt_output_tokens_mean 1024, concurrency 128',"
        + " 'prompt_input_tokens_mean 8192, prompt_output_tokens_mean 1024, concurrency 256'"
  })
  void tellsPointsOfLongKeysApart(int width, String first, String second) {
    // given
    String keys = "prompt_input_tokens_mean 8192, prompt_output_tokens_mean 1024, concurrency ";
    List<Row> rows = Stream.of("128", "256").map(load -> row(keys + load)).toList();
    Side side = new Side("b/1", List.of("b/1"), 2);
    ComparisonResult result =
        new ComparisonResult(
            Verdict.FAIL,
            "FAIL",
            side,
            side,
            rows,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of());

    // when
    List<String> lines = new ComparisonTable(width).text(result).lines().toList();

    // then
    List<String> shown = lines.stream().filter(line -> line.endsWith("  worse")).toList();
    assertThat(shown).hasSize(2);
    assertThat(shown.get(0)).startsWith(first + "  ");
    assertThat(shown.get(1)).startsWith(second + "  ");
    assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(width));
  }

  private static Row row(String point) {
    Value value = new Value(5, OptionalDouble.of(100), OptionalDouble.of(1000), false);
    return new Row(
        "output_tokens_per_s",
        "Output tokens/s",
        "tokens/s",
        point,
        false,
        value,
        value,
        OptionalDouble.of(-0.1),
        OptionalDouble.of(-0.12),
        OptionalDouble.of(-0.08),
        OptionalDouble.of(0.0001),
        0.05,
        0,
        Kind.WORSE);
  }
}
