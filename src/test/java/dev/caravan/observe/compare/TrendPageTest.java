package dev.caravan.observe.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.observe.compare.Trend.Line;
import dev.caravan.observe.compare.Trend.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TrendPageTest {

  private static final String BAND = "<rect class=\"cv-band\"";

  @Test
  void drawsABandOverFiveBatchesOfOneVersionThatDidNotFail() {
    // given
    List<Line> lines = new ArrayList<>();
    List.of(100.0, 101.0, 99.0, 102.0, 98.0)
        .forEach(mean -> lines.add(line("0.13.0", "PASS", mean)));
    lines.add(line("0.13.0", "FAIL", 50));

    // when
    String html = html(lines);

    // then
    assertThat(html)
        .containsOnlyOnce(BAND)
        .contains("Band: 100.0 ± 2 × 1.6 % over 5 batches with aiperf 0.13.0.");
    assertThat(html("0.13.0", 4))
        .doesNotContain(BAND)
        .contains("No band: it needs 5 comparable batches");
  }

  @Test
  void breaksLineAndBandWhereBatchesBecomeAnotherThing() {
    // given
    List<Line> lines = new ArrayList<>();
    for (int at = 0; at < 10; at++) {
      lines.add(
          line(
              at < 5 ? "0.13.0" : "0.14.0", at == 5 ? "aiperf 0.13.0 → 0.14.0" : "", "", 100 + at));
    }

    // when
    String html = html(lines);

    // then
    assertThat(html).containsOnlyOnce(">aiperf 0.13.0 → 0.14.0</text>");
    assertThat(count(html, "<polyline")).isEqualTo(2);
    assertThat(count(html, BAND)).isEqualTo(2);
  }

  @Test
  void marksFailedBatchesByTheirShape() {
    // when
    String html =
        html(
            List.of(
                line("0.13.0", "PASS", 100), line("0.13.0", "", 101), line("0.13.0", "FAIL", 90)));

    // then
    assertThat(count(html, "<circle")).isEqualTo(2);
    assertThat(html)
        .containsOnlyOnce("<polygon")
        .contains("90 [89.1, 90.9] · FAIL · 5 runs</title>")
        .as("and in the table for those who cannot hover")
        .contains("90 [89.1, 90.9] · FAIL · 5 runs</td>");
  }

  @Test
  void escapesNames() {
    // given
    String evil = "<script>\"'&";
    Line line = new Line(evil, evil, evil, evil, evil, evil, evil, evil, 1, List.of(value(100)));

    // when
    String html =
        new TrendPage().html(new Trend(List.of(evil), List.of(line, line), List.of(evil)));

    // then
    assertThat(html).doesNotContain("<script").contains("&lt;script&gt;&quot;&apos;&amp;");
  }

  @Test
  void saysThatOneBatchIsNoTrend() {
    assertThat(html("0.13.0", 1))
        .doesNotContain("<svg")
        .contains("There is one batch, nightly/b; a trend needs two.");
    assertThat(html(List.of())).contains("No batch has values to draw.");
  }

  @Test
  void drawsEqualValues() {
    assertThat(html("", 2)).contains("<circle").doesNotContain("NaN").doesNotContain("Infinity");
  }

  @Test
  void cutsIntervalsThatWouldFlattenTheOthers() {
    // given: two rounds that differ much
    Value wide = new Value(105, OptionalDouble.of(0.2), OptionalDouble.of(37_000));
    Value narrow = new Value(105, OptionalDouble.of(60), OptionalDouble.of(190));

    // then
    assertThat(distance(wide)).isGreaterThan(5);
    assertThat(distance(narrow)).as("not cut").isGreaterThan(distance(wide));
    assertThat(html(List.of(line("0.13.0", "", 100), with(wide)))).contains("105 [0.200, 37,000]");
  }

  /** Of the marks of 100 and 110 beside such a batch. */
  private static double distance(Value other) {
    String html = html(List.of(line("0.13.0", "", 100), line("0.13.0", "", 110), with(other)));
    double[] heights =
        Pattern.compile("cy=\"([0-9.]+)\"")
            .matcher(html)
            .results()
            .mapToDouble(each -> Double.parseDouble(each.group(1)))
            .toArray();
    assertThat(heights).hasSize(3);
    return heights[0] - heights[1];
  }

  private static Line with(Value value) {
    Line line = line("0.13.0", "", 1);
    return new Line(
        line.name(),
        line.batch(),
        line.time(),
        line.commit(),
        line.aiperf(),
        line.changed(),
        line.verdict(),
        line.slo(),
        line.runs(),
        List.of(value));
  }

  private static String html(String aiperf, int batches) {
    List<Line> lines = new ArrayList<>();
    for (int at = 0; at < batches; at++) {
      lines.add(line(aiperf, "", 100));
    }
    return html(lines);
  }

  private static String html(List<Line> lines) {
    return new TrendPage().html(new Trend(List.of("output_tokens_per_s"), lines, List.of()));
  }

  private static Line line(String aiperf, String verdict, double mean) {
    return line(aiperf, "", verdict, mean);
  }

  private static Line line(String aiperf, String changed, String verdict, double mean) {
    return new Line(
        "nightly",
        "nightly/b",
        "2026-07-01T02:00:00.123Z",
        "abc1234",
        aiperf,
        changed,
        verdict,
        "",
        5,
        List.of(value(mean)));
  }

  private static int count(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }

  private static Value value(double mean) {
    return new Value(mean, OptionalDouble.of(0.99 * mean), OptionalDouble.of(1.01 * mean));
  }
}
