package dev.caravan.observe.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.storage.Json;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The points of a tree of {@code run_aiperf.py} are those of the same config run by Caravan. */
class OldTreeTest {

  @TempDir private Path folder;
  private Path old;

  @BeforeEach
  void prepare() {
    old = folder.resolve("old/20261101_100000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "concurrency: [1, 8]",
        "model: [meta/llama, other/one]\n  concurrency: [1, 2]",
        "tokenizer: ['x y', é, \"it's\", 'a:b']",
        "url: ['http://h:8000', 'http://h:8000/v1']",
        "request_rate_mode: [constant, poisson]\n  request_rate: [1, 20]",
      })
  void haveTheSameNames(String sweeps) throws IOException {
    // given
    SampleTree tree = new SampleTree(folder);
    Batch batch = tree.batch("b", sweeps.replace("\n  ", ", "), "");
    for (Run run : IntStream.range(0, batch.size()).mapToObj(batch::run).toList()) {
      tree.succeeded(run, 100, 50);
      write(run.index(), run.sweepValues());
    }

    // when
    ComparedBatchReader reader = new ComparedBatchReader();

    // then
    assertThat(reader.read(old).runs())
        .extracting(ComparedRun::point)
        .containsExactlyElementsOf(
            reader.read(batch.folder()).runs().stream().map(ComparedRun::point).toList())
        .hasSize(batch.size());
  }

  @Test
  void tellsPointsApartWhoseNamesAreTooLong() throws IOException {
    // given: nine values, of which the last differs
    Map<String, Object> first = new TreeMap<>();
    IntStream.range(0, 8).forEach(at -> first.put("extra_inputs_of_it_" + at, "v" + at));
    Map<String, Object> second = new TreeMap<>(first);
    first.put("request_rate", 1);
    second.put("request_rate", 2);
    write(0, first);
    write(1, second);

    // then
    assertThat(points()).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void keepsRunsThatAreSweptWithoutAValue() throws IOException {
    // given
    Map<String, Object> values = new TreeMap<>(Map.of("concurrency", 1));
    values.put("request_rate", null);
    write(0, values);

    // then
    assertThat(points()).containsExactly("concurrency1_request_rateNone");
  }

  @Test
  void namesARunWithoutMetadataByItsFolder() throws IOException {
    // given: what aiperf itself leaves
    SampleTree.write(old.resolve("concurrency8/profile_export_aiperf.json"), "{}");
    SampleTree.write(old.resolve("concurrency16/profile_export_aiperf.json"), "{}");

    // then: as a run of Caravan
    assertThat(points()).containsExactly("concurrency16", "concurrency8");
  }

  private List<String> points() throws IOException {
    return new ComparedBatchReader().read(old).runs().stream().map(ComparedRun::point).toList();
  }

  private void write(int index, Map<String, Object> values) throws IOException {
    SampleTree.write(
        old.resolve(oldName(values)).resolve("run_metadata.json"),
        Json.line(
            Map.of(
                "run_index", index,
                "sweep_params", values,
                "base_config", Map.of("model", "m", "url", "http://h"))));
  }

  private static String oldName(Map<String, Object> values) {
    return new TreeMap<>(values)
        .entrySet().stream()
            .map(each -> each.getKey() + each.getValue())
            .collect(Collectors.joining("_"));
  }
}
