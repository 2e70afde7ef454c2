package dev.caravan.observe.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.caravan.analysis.Verdict;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What a comparison of two sides says, for all its outputs.
 *
 * @param verdict the verdict
 * @param sentence the verdict in words, the same in all outputs
 * @param base what was compared with
 * @param candidate what was judged
 * @param rows the differences, those over all points first
 * @param unlike in what the sides are different things
 * @param listed what else differs between them, which does not matter for the verdict
 * @param onlyBase points that the candidate lacks
 * @param onlyCandidate points that the base lacks
 * @param notes what to know when reading it, one sentence each
 */
@JsonPropertyOrder("schema")
public record ComparisonResult(
    Verdict verdict,
    String sentence,
    Side base,
    Side candidate,
    List<Row> rows,
    List<Unlike> unlike,
    List<Unlike> listed,
    List<String> onlyBase,
    List<String> onlyCandidate,
    List<String> notes) {

  /** Version of the JSON form. */
  public static final int SCHEMA = 1;

  /** The order of comparisons in which the worst verdict comes first. */
  public static final Comparator<ComparisonResult> WORST_FIRST =
      Comparator.comparing(
          each ->
              List.of(
                      Verdict.FAIL,
                      Verdict.REFUSED,
                      Verdict.INCONCLUSIVE,
                      Verdict.NONE,
                      Verdict.PASS)
                  .indexOf(each.verdict()));

  public ComparisonResult {
    rows = List.copyOf(rows);
    unlike = List.copyOf(unlike);
    listed = List.copyOf(listed);
    onlyBase = List.copyOf(onlyBase);
    onlyCandidate = List.copyOf(onlyCandidate);
    notes = List.copyOf(notes);
  }

  /**
   * One side of the comparison.
   *
   * @param name how the user named it, such as {@code last 5}
   * @param batches the ids of its batches
   * @param runs number of its runs that count
   */
  public record Side(String name, List<String> batches, int runs) {
    public Side {
      batches = List.copyOf(batches);
    }
  }

  /**
   * Something that is not the same on both sides.
   *
   * @param key a parameter, a check or a fact; {@code --allow} takes it
   * @param base its value, or values, in the base
   * @param candidate the same in the candidate
   * @param allowed whether the comparison was made all the same
   */
  public record Unlike(String key, String base, String candidate, boolean allowed) {

    /** Such as {@code concurrency: 4 / 8}. */
    public String text() {
      return key + ": " + base + " / " + candidate;
    }
  }

  /** What a difference is. */
  public enum Kind {
    /** Worse by the tolerance or more, beyond noise. */
    WORSE,
    /** Better by the tolerance or more, beyond noise. */
    BETTER,
    /** Not worse by the tolerance. */
    WITHIN,
    /** Noise leaves room for either. */
    OPEN,
    /** No repeats, so that nothing is known about noise. */
    SINGLE,
    /** The sides are different things, so that their difference is not told. */
    UNLIKE
  }

  /**
   * The mean of a side.
   *
   * @param n number of repeats
   * @param mean geometric mean, in the unit of the metric; empty when no round has all points
   * @param requests mean number of requests of a run
   * @param rough whether it is a percentile of too few requests
   */
  public record Value(int n, OptionalDouble mean, OptionalDouble requests, boolean rough) {}

  /**
   * The difference in one metric, at one point or over all points. Changes are fractions: -0.1 for
   * a fall by 10 %.
   *
   * @param metric its column in {@code results.csv}
   * @param label its name for people
   * @param unit its unit; empty for none
   * @param point the point in words; empty over all points, and when there is only one
   * @param overall whether it is over all points
   * @param base the base
   * @param candidate what was judged
   * @param change the change of the metric; empty when the sides are different things
   * @param low the lower end of its 95 % interval; empty without repeats
   * @param high the upper end
   * @param probability probability of such a change for the worse if there were none, adjusted for
   *     the number of tests; empty without repeats
   * @param tolerance the change for the worse that is accepted
   * @param noise the noise between batches that was reckoned with
   * @param kind what it is
   */
  public record Row(
      String metric,
      String label,
      String unit,
      String point,
      boolean overall,
      Value base,
      Value candidate,
      OptionalDouble change,
      OptionalDouble low,
      OptionalDouble high,
      OptionalDouble probability,
      double tolerance,
      double noise,
      Kind kind) {}

  /** Whether the sides are different things, so that they were not compared. */
  public boolean isRefused() {
    return verdict == Verdict.REFUSED;
  }

  @JsonProperty
  int schema() {
    return SCHEMA;
  }
}
