package dev.caravan.model.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.Evaluation;
import dev.caravan.config.ExecutionSections;
import dev.caravan.config.FixedRules;
import dev.caravan.config.Parameters;
import dev.caravan.config.RunMatrix;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The runs of a batch, their order and their folders. */
class SweepTest {

  private static final long SEED = 7;

  @Test
  void isOneRunInTheBatchFolderWithoutSweeps() {
    // when
    Sweep sweep = new Sweep(FixedRules.read(FixedRules.BASE));

    // then
    assertThat(sweep.indexEnd()).isEqualTo(1);
    assertThat(sweep.values(0)).isEmpty();
    assertThat(sweep.folder(0)).isEmpty();
    assertThat(sweep.parameters(0).concurrency()).isEqualTo(1);
    assertThat(sweep.url(0)).isEqualTo("http://h:8000");
  }

  @Test
  void variesTheLastKeyFastest() {
    // when
    Sweep sweep = sweep("{request_rate_mode: [poisson, constant], concurrency: [4, 8]}");

    // then
    assertThat(IntStream.range(0, sweep.indexEnd()).mapToObj(sweep::values).map(Map::toString))
        .containsExactly(
            "{request_rate_mode=poisson, concurrency=4}",
            "{request_rate_mode=poisson, concurrency=8}",
            "{request_rate_mode=constant, concurrency=4}",
            "{request_rate_mode=constant, concurrency=8}");
    assertThat(IntStream.range(0, sweep.indexEnd()).mapToObj(sweep::folder))
        .containsExactly(
            "concurrency4_request_rate_modepoisson",
            "concurrency8_request_rate_modepoisson",
            "concurrency4_request_rate_modeconstant",
            "concurrency8_request_rate_modeconstant");
  }

  @Test
  void agreesWithNestedLoops() {
    // given
    Random random = new Random(SEED);
    for (int round = 0; round < 200; round++) {
      Map<String, List<Object>> sweeps = randomSweeps(random);

      // when
      Sweep sweep = new Sweep(config(sweeps));

      // then
      List<Map<String, Object>> expected = nestedLoops(sweeps);
      assertThat(IntStream.range(0, sweep.indexEnd()).mapToObj(sweep::values).toList())
          .isEqualTo(expected);
      assertThat(IntStream.range(0, sweep.indexEnd()).mapToObj(sweep::folder))
          .doesNotHaveDuplicates()
          .allMatch(name -> name.length() <= 180 && name.matches("[A-Za-z0-9._+=@%~-]+"));
      assertThat(IntStream.range(0, sweep.indexEnd()).mapToObj(sweep::url))
          .isEqualTo(expected.stream().map(v -> v.getOrDefault("url", "http://base")).toList());
    }
  }

  @Test
  void mergesTheValuesIntoTheBase() {
    // given
    Sweep sweep = sweep("{url: ['http://a', 'http://b'], request_count: [5], tokenizer: [t]}");

    // when
    Parameters second = sweep.parameters(1);

    // then
    assertThat(second.url()).isEqualTo("http://b");
    assertThat(second.model()).isEqualTo("m");
    assertThat(second.options()).isEqualTo(Map.of("request_count", 5L));
    assertThat(second.values().keySet()).startsWith("model", "tokenizer", "url");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "model | meta/llama-3.3 70b | modelmeta%2Fllama-3.3%2070b",
        "model | größe | modelgr%C3%B6%C3%9Fe",
        "model | a~b%c | modela%7Eb%25c",
        "model | a_b+c=d@e | modela_b+c=d@e",
        "streaming | true | streamingTrue",
        "streaming | no | streamingFalse",
        "request_rate | 0.5 | request_rate0.5",
        "request_rate | 2 | request_rate2",
        "request_rate | 2.0 | request_rate2",
        "concurrency | '\"4\"' | concurrency4",
        "url | http://h:1/v1 | urlhttp%3A%2F%2Fh%3A1%2Fv1",
      })
  void namesFoldersAsPythonFormatsValues(String key, String value, String folder) {
    assertThat(sweep("\n  " + key + ":\n  - " + value).folder(0)).isEqualTo(folder);
  }

  @Test
  void shortensLongNamesAndKeepsThemUnique() {
    // given names that differ only beyond the longest folder name
    String model = "m/".repeat(100);
    Sweep sweep = sweep("{model: [" + model + "a, " + model + "b], concurrency: [1, 2]}");

    // when
    List<String> folders = IntStream.range(0, 4).mapToObj(sweep::folder).toList();

    // then
    assertThat(folders)
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("concurrency[12]_modelm%2F.*(m|%2F)~[0-9a-f]{8}"))
        .allMatch(name -> name.length() <= 180 && name.length() > 170);
  }

  @Test
  void makesAmbiguousNamesUnique() {
    // given two runs whose names are both model1_tokenizer2_tokenizer3
    Map<String, List<Object>> sweeps = new LinkedHashMap<>();
    sweeps.put("model", List.of("1", "1_tokenizer2", "plain_one"));
    sweeps.put("tokenizer", List.of("2_tokenizer3", "3"));

    // when
    Sweep sweep = new Sweep(config(sweeps));

    // then
    assertThat(sweep.folder(0)).matches("model1_tokenizer2_tokenizer3~[0-9a-f]{8}");
    assertThat(sweep.folder(3)).matches("model1_tokenizer2_tokenizer3~[0-9a-f]{8}");
    assertThat(sweep.folder(0)).isNotEqualTo(sweep.folder(3));
    assertThat(sweep.folder(5)).isEqualTo("modelplain_one_tokenizer3");
  }

  @Test
  void plansAHundredThousandRuns() {
    // given
    Map<String, List<Object>> sweeps = new LinkedHashMap<>();
    sweeps.put("concurrency", numbers(10));
    sweeps.put("random_seed", numbers(100));
    sweeps.put("request_count", numbers(100));

    // when
    Sweep sweep = new Sweep(config(sweeps));
    Set<String> names = new HashSet<>();
    IntStream.range(0, sweep.indexEnd()).forEach(i -> names.add(sweep.folder(i)));

    // then
    assertThat(sweep.indexEnd()).isEqualTo(100_000);
    assertThat(names).hasSize(100_000);
    assertThat(sweep.folder(99_999)).isEqualTo("concurrency10_random_seed100_request_count100");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 2})
  void refusesAnIndexOutOfRange(int index) {
    Sweep sweep = sweep("{concurrency: [1, 2]}");
    assertThatThrownBy(() -> sweep.values(index)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> sweep.url(index)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> sweep.folder(index)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static Sweep sweep(String sweeps) {
    return new Sweep(FixedRules.read(FixedRules.BASE + "sweeps: " + sweeps + "\n"));
  }

  private static BenchmarkConfig config(Map<String, List<Object>> sweeps) {
    Parameters base = new Parameters(Map.of("url", "http://base"));
    return new BenchmarkConfig(
        "b",
        "out",
        base,
        RunMatrix.ofSweeps(sweeps),
        Map.of(),
        ExecutionSections.DEFAULTS,
        Evaluation.NONE,
        List.of());
  }

  private static List<Object> numbers(int count) {
    return LongStream.rangeClosed(1, count).<Object>mapToObj(i -> i).toList();
  }

  /** Values from few characters, so that folder names are likely to collide. */
  private static Map<String, List<Object>> randomSweeps(Random random) {
    Map<String, List<Object>> sweeps = new LinkedHashMap<>();
    List<String> keys = List.of("a", "a_a", "url", "_a", "a_");
    for (int i = random.nextInt(4); i >= 0; i--) {
      Set<Object> values = new HashSet<>();
      while (values.size() < 1 + random.nextInt(4)) {
        StringBuilder text = new StringBuilder();
        random.ints(1 + random.nextInt(7), 0, 4).forEach(c -> text.append("a_1~".charAt(c)));
        values.add(text.toString());
      }
      sweeps.put(keys.get(random.nextInt(keys.size())), new ArrayList<>(values));
    }
    return sweeps;
  }

  private static List<Map<String, Object>> nestedLoops(Map<String, List<Object>> sweeps) {
    List<Map<String, Object>> runs = List.of(Map.of());
    for (Map.Entry<String, List<Object>> sweep : sweeps.entrySet()) {
      List<Map<String, Object>> longer = new ArrayList<>();
      for (Map<String, Object> run : runs) {
        for (Object value : sweep.getValue()) {
          Map<String, Object> next = new LinkedHashMap<>(run);
          next.put(sweep.getKey(), value);
          longer.add(next);
        }
      }
      runs = longer;
    }
    return runs;
  }
}
