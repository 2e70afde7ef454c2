package dev.caravan.observe.compare;

import static dev.caravan.observe.compare.SampleComparisons.allowing;
import static dev.caravan.observe.compare.SampleComparisons.compare;
import static dev.caravan.observe.compare.SampleSides.batch;
import static dev.caravan.observe.compare.SampleSides.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.analysis.Verdict;
import dev.caravan.observe.report.ComparisonResult;
import dev.caravan.observe.report.ComparisonResult.Unlike;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What a comparison says of sides whose warnings differ. */
class SharedWarningsTest {

  private static final Predicate<ComparedRun> ALL = run -> true;

  private static ComparedBatch warned(
      ComparedBatch batch, Predicate<ComparedRun> which, String id) {
    return with(
        batch,
        run -> which.test(run) ? SampleSides.found(run, "succeeded", Map.of(id, "warning")) : run);
  }

  /** The batch with other parameters and replies. */
  private static ComparedBatch other(ComparedBatch batch) {
    return with(
        batch,
        run ->
            SampleSides.metric(
                SampleSides.parameter(run, "use_server_token_count", "true"), "osl_avg", 0.5));
  }

  @Test
  void doNotHideWhatElseDiffers() {
    // given
    ComparedBatch base = warned(batch("a/1", 5, 1), ALL, "lengths");
    ComparedBatch candidate = other(batch("b/2", 5, 1));

    // when
    ComparisonResult refused = compare(base, candidate);

    // then: all that it takes is named at once
    assertThat(refused.verdict()).isEqualTo(Verdict.REFUSED);
    assertThat(refused.unlike())
        .extracting(Unlike::key)
        .containsExactly("use_server_token_count", "osl", "lengths");
    assertThat(
            compare(allowing("use_server_token_count", "osl", "lengths"), base, candidate)
                .verdict())
        .isEqualTo(Verdict.PASS);
    assertThat(compare(allowing("use_server_token_count", "osl"), base, candidate).unlike())
        .filteredOn(each -> !each.allowed())
        .extracting(Unlike::key)
        .containsExactly("lengths");
  }

  @Test
  void ofDifferentKindsAreNamedWithWhatElseDiffers() {
    // when
    ComparisonResult refused =
        compare(
            warned(batch("a/1", 5, 1), ALL, "lengths"),
            other(warned(batch("b/2", 5, 1), ALL, "steady")));

    // then
    assertThat(refused.unlike())
        .extracting(Unlike::key)
        .containsExactly("use_server_token_count", "osl", "lengths", "steady");
  }

  @Test
  void leaveThePointsWhereTheyAre() {
    // given
    ComparedBatch base = batch("a/1", 5, 1);
    ComparedBatch candidate =
        warned(batch("b/2", 5, 1), run -> run.point().equals("concurrency8"), "lengths");

    // when
    ComparisonResult some = compare(base, candidate);
    ComparisonResult none = compare(base, warned(candidate, ALL, "lengths"));

    // then: the base has points that the candidate has, too, but not with runs that count
    assertThat(some.onlyBase()).isEmpty();
    assertThat(some.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(some.notes())
        .contains(
            "Left out of b/2: 5 with a warning that the other side lacks (lengths).",
            "Not compared, because no run of b/2 counts there: concurrency 8.");
    assertThat(none.onlyBase()).isEmpty();
    assertThat(none.notes())
        .contains(
            "Not compared, because no run of b/2 counts there: concurrency 4; concurrency 8.");
    assertThat(compare(candidate, base).onlyCandidate()).isEmpty();
  }

  @Test
  void doNotRefuseForWhatIsLeftOut() {
    // given: only the point that is not compared has other replies
    ComparedBatch candidate =
        with(
            batch("b/2", 5, 1),
            run ->
                run.point().equals("concurrency8")
                    ? SampleSides.metric(
                        SampleSides.found(run, "succeeded", Map.of("lengths", "warning")),
                        "osl_avg",
                        0.5)
                    : run);

    // when, then
    assertThat(compare(batch("a/1", 5, 1), candidate).sentence())
        .isEqualTo("INCONCLUSIVE b/2: one side has no run that counts at concurrency 8 vs. a/1");
  }

  @Test
  void areNoReasonWhereNoPointIsInBoth() {
    // given
    ComparedBatch base =
        with(batch("a/1", 5, 1), run -> SampleSides.at(run, "other" + run.point()));

    // when
    ComparisonResult refused = compare(warned(base, ALL, "lengths"), batch("b/2", 5, 1));

    // then: to allow them would change nothing
    assertThat(refused.unlike()).isEmpty();
    assertThat(refused.sentence())
        .isEqualTo("REFUSED b/2 vs. a/1: no point has runs that count on both sides");
    assertThat(refused.onlyBase()).containsExactly("otherconcurrency4", "otherconcurrency8");
    assertThat(refused.onlyCandidate()).containsExactly("concurrency 4", "concurrency 8");
  }
}
