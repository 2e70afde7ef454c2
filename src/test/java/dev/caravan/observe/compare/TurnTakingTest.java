package dev.caravan.observe.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TurnTakingTest {

  private static final OffsetDateTime START = OffsetDateTime.parse("2026-11-28T23:30:00+01:00");

  /** Runs in this order: the variant, the start of its service's process, and where it is. */
  private static List<ComparedRun> runs(String... runs) {
    List<ComparedRun> all = new ArrayList<>();
    for (String each : runs) {
      String[] parts = each.split(" ");
      int repeat = 1 + (int) all.stream().filter(run -> run.variant().equals(parts[0])).count();
      Map<String, Double> metrics =
          parts[1].equals("?")
              ? Map.of()
              : Map.of(ComparedBatchReader.SERVICE_START, Double.valueOf(parts[1]));
      all.add(
          new ComparedRun(
              parts[0],
              "",
              "",
              repeat,
              "succeeded",
              START.plusMinutes(all.size()).toString(),
              Map.of(),
              metrics,
              Map.of(),
              Map.of(),
              Map.of("url", parts[2])));
    }
    return all;
  }

  private static ComparedBatch batch(List<ComparedVariant> variants, String... runs) {
    return new ComparedBatch("ab/1", "", "", true, runs.length, variants, runs(runs));
  }

  private static List<ComparedVariant> variants(String... namesAndGroups) {
    List<ComparedVariant> variants = new ArrayList<>();
    for (String each : namesAndGroups) {
      String[] parts = each.split("/");
      variants.add(new ComparedVariant(parts[0], parts[parts.length - 1], List.of("url"), true));
    }
    return variants;
  }

  private static Pairing pairing(ComparedBatch batch) {
    VariantPairs pairs = new VariantPairs(batch);
    String base = pairs.first();
    return pairs.pairing(base, pairs.others(base).get(0), List.of());
  }

  @Test
  void knowsImagesThatTookTurnsOnOneNode() {
    // given
    ComparedBatch restarted =
        batch(variants("a", "b"), "a 1 h", "b 2 h", "b 2 h", "a 3 h", "a 3 h", "b 4 h");
    ComparedBatch unknown =
        batch(variants("a", "b"), "a ? h", "b ? h", "b ? h", "a ? h", "a ? h", "b ? h");

    // when, then
    assertThat(pairing(restarted).inTurn()).isTrue();
    assertThat(pairing(restarted).notes()).isEmpty();
    assertThat(pairing(restarted).varied()).containsExactly("url");
    assertThat(pairing(unknown).inTurn()).isFalse();
    assertThat(pairing(unknown).notes())
        .containsExactly("Nothing shows that the service restarted at each change of variant.");
  }

  @Test
  void takesBlocksForNoTurns() {
    // given
    ComparedBatch blocks =
        batch(variants("a", "b"), "a 1 h", "a 1 h", "a 1 h", "b 2 h", "b 2 h", "b 2 h");

    // when, then
    assertThat(pairing(blocks).inTurn()).isFalse();
    assertThat(pairing(blocks).notes())
        .containsExactly("The variants did not take turns: use order: rounds.");
  }

  @Test
  void tellsMachinesFromImagesByGroupsThatSwap() {
    // given
    ComparedBatch apart = batch(variants("a", "b"), "a 1 g1", "b 1 g2", "b 1 g2", "a 1 g1");
    ComparedBatch swapped =
        batch(
            variants("a1/a", "b2/b", "a2/a", "b1/b"),
            "a1 1 http://g1:8000",
            "b2 2 http://g2:8001",
            "a2 3 http://g2:8000",
            "b1 4 http://g1:8001",
            "b1 4 http://g1:8001",
            "a2 3 http://g2:8000",
            "b2 2 http://g2:8001",
            "a1 1 http://g1:8000");
    VariantPairs pairs = new VariantPairs(swapped);

    // when, then
    assertThat(pairing(apart).notes())
        .hasSize(1)
        .first()
        .asString()
        .startsWith("The effects of image and machine cannot be");
    assertThat(pairs.others("a")).containsExactly("b");
    assertThat(pairs.group("b2")).isEqualTo("b");
    assertThat(pairs.base("a").batches())
        .extracting(each -> each.runs().size())
        .containsExactly(2, 2);
    assertThat(pairing(swapped).inTurn()).isFalse();
    assertThat(pairing(swapped).notes())
        .containsExactly(
            "The effects of image and machine are separated: both sides ran on g1," + " g2.");
  }

  @Test
  void expectsOtherLengthsOfVariantsThatSetThem() {
    // given
    List<ComparedVariant> variants =
        List.of(
            new ComparedVariant("a", "a", List.of("prompt_output_tokens_mean"), false),
            new ComparedVariant("b", "b", List.of("streaming"), false));

    // when
    Pairing pairing = pairing(batch(variants, "a 1 h", "b 1 h"));

    // then
    assertThat(pairing.varied())
        .containsExactlyInAnyOrder("prompt_output_tokens_mean", "osl", "streaming");
    assertThat(pairing.inTurn()).as("they differ in parameters of requests alone").isTrue();
  }
}
