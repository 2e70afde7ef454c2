package dev.caravan.model.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The plan of batches with points, variants and repeats. */
class SweepMatrixTest {

  private static final String AB = "variants: {a: {url: \"http://a\"}, b: {url: \"http://b\"}}\n";

  @Test
  void runsEverySecondRoundBackwards() {
    // when
    Sweep sweep = sweep(AB + "repeat: 3\nsweeps: {concurrency: [1, 2]}\n");

    // then
    assertThat(folders(sweep))
        .containsExactly(
            "a__concurrency1",
            "a__concurrency2",
            "b__concurrency1",
            "b__concurrency2",
            "b__concurrency2__r2",
            "b__concurrency1__r2",
            "a__concurrency2__r2",
            "a__concurrency1__r2",
            "a__concurrency1__r3",
            "a__concurrency2__r3",
            "b__concurrency1__r3",
            "b__concurrency2__r3");
    assertThat(sweep.place(5)).isEqualTo(new Place("b", "concurrency1", 2));
    assertThat(sweep.url(5)).isEqualTo("http://b");
    assertThat(sweep.group(5)).isEqualTo(sweep.group(2)).isNotEqualTo(sweep.group(0));
  }

  @Test
  void runsRepeatsInBlocksWhenAsked() {
    assertThat(folders(sweep("repeat: {times: 2, order: blocks}\nsweeps: {concurrency: [1, 2]}\n")))
        .containsExactly("concurrency1", "concurrency1__r2", "concurrency2", "concurrency2__r2");
  }

  @Test
  void namesFoldersWithoutSweeps() {
    assertThat(folders(sweep("repeat: 2\n"))).containsExactly("repeat1", "repeat2");
    assertThat(folders(sweep(AB + "repeat: 2\n"))).containsExactly("a", "b", "b__r2", "a__r2");
    assertThat(folders(sweep("repeat: 1\n"))).containsExactly("");
  }

  @Test
  void multipliesPointsWithSweepsAndLeavesOutWhatIsExcluded() {
    // when
    Sweep sweep =
        sweep(
            "points: [{isl: 10, osl: 1}, {isl: 20, osl: 2}]\n"
                + "sweeps: {concurrency: [1, 2]}\n"
                + "exclude: [{isl: 20, concurrency: 2}]\nrepeat: 2\n");

    // then
    assertThat(sweep.indexEnd()).isEqualTo(8);
    assertThat(sweep.runs()).isEqualTo(6);
    assertThat(sweep.indexes().toArray()).containsExactly(0, 1, 2, 5, 6, 7);
    assertThat(sweep.indexes().map(sweep::number).toArray()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(sweep.values(2))
        .isEqualTo(
            Map.of(
                "prompt_input_tokens_mean", 20L,
                "prompt_output_tokens_mean", 2L,
                "concurrency", 1L));
    assertThat(sweep.keys())
        .containsExactly("prompt_input_tokens_mean", "prompt_output_tokens_mean", "concurrency");
  }

  @Test
  void numbersRunsInOrderWhateverTheOrder() {
    for (String repeat : List.of("repeat: 3\n", "repeat: {times: 3, order: blocks}\n")) {
      Sweep sweep =
          sweep(AB + repeat + "sweeps: {concurrency: [1, 2, 3]}\nexclude: [{concurrency: 2}]\n");
      assertThat(sweep.indexes().map(sweep::number).toArray())
          .isEqualTo(IntStream.rangeClosed(1, 12).toArray());
    }
  }

  @Test
  void multipliesCountsWithConcurrency() {
    // when
    Sweep sweep = sweep("per_concurrency: {request_count: 10}\nsweeps: {concurrency: [1, 64]}\n");

    // then
    assertThat(sweep.parameters(0).options()).isEqualTo(Map.of("request_count", 10L));
    assertThat(sweep.parameters(1).options()).isEqualTo(Map.of("request_count", 640L));
  }

  @Test
  void asksVariantsOnMachinesOfTheirOwnTheSame() {
    // given
    String seeded = "sweeps: {random_seed: [7]}\nrepeat: 2\n";
    Sweep apart = sweep(AB + seeded);
    Sweep together = sweep(AB.replace("http://b", "http://a:80/v2") + seeded);

    // then
    assertThat(seed(apart, 0)).isEqualTo(seed(apart, 1)).isNotEqualTo(seed(apart, 2));
    assertThat(seeds(apart)).hasSize(2);
    assertThat(seeds(together)).hasSize(4);
  }

  @Test
  void hashesAValueThatLooksLikeARepeat() {
    // when
    List<String> folders = folders(sweep("repeat: 3\nsweeps: {model: [m, m__r2, m__r3x]}\n"));

    // then
    assertThat(folders).doesNotHaveDuplicates().contains("modelm__r2", "modelm__r3x");
    assertThat(folders).anyMatch(name -> name.matches("modelm__r2~[0-9a-f]{8}__r2"));
  }

  @Test
  void keepsLongNamesWithinTheLimitAndUnique() {
    // given
    String model = "m".repeat(300);

    // when
    List<String> folders =
        folders(
            sweep(
                AB.replace("a:", "a".repeat(40) + ":")
                    + "repeat: 100\nsweeps: {model: ["
                    + model
                    + "1, "
                    + model
                    + "2]}\n"));

    // then
    assertThat(folders).doesNotHaveDuplicates().allMatch(name -> name.length() <= 180);
  }

  @Test
  void plansAHundredThousandRuns() {
    // given
    Sweep sweep =
        sweep(
            AB
                + "repeat: 50\nsweeps: {concurrency: "
                + IntStream.rangeClosed(1, 1000).boxed().toList()
                + "}\nexclude: [{concurrency: 9}, {concurrency: 64}, {concurrency: 65}, {concurrency: 700}]\n");

    // when
    Set<String> folders = new HashSet<>(folders(sweep));

    // then
    assertThat(folders).hasSize(99_600);
    assertThat(sweep.runs()).isEqualTo(99_600);
    assertThat(sweep.indexes().map(sweep::number).toArray())
        .isEqualTo(IntStream.rangeClosed(1, 99_600).toArray());
  }

  private static Sweep sweep(String sections) {
    return new Sweep(FixedRules.read(FixedRules.BASE + sections));
  }

  private static List<String> folders(Sweep sweep) {
    return sweep.indexes().mapToObj(sweep::folder).toList();
  }

  private static Object seed(Sweep sweep, int index) {
    return sweep.sent(index, 1).find("random_seed").orElseThrow();
  }

  private static Set<Object> seeds(Sweep sweep) {
    Set<Object> seeds = new HashSet<>();
    sweep.indexes().forEach(index -> seeds.add(seed(sweep, index)));
    return seeds;
  }
}
