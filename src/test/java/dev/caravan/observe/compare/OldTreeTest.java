package dev.caravan.observe.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.storage.Json;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The points of a tree of {@code run_aiperf.py} are those of the same config run by Caravan. */
class OldTreeTest {

  @TempDir private Path folder;

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
    Path old = folder.resolve("old/20261101_100000");
    for (Run run : IntStream.range(0, batch.size()).mapToObj(batch::run).toList()) {
      tree.succeeded(run, 100, 50);
      SampleTree.write(
          old.resolve(oldName(run.sweepValues())).resolve("run_metadata.json"),
          Json.line(
              Map.of(
                  "run_index", run.index(),
                  "sweep_params", run.sweepValues(),
                  "base_config", Map.of("model", "m", "url", "http://h"))));
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

  private static String oldName(Map<String, Object> values) {
    return new TreeMap<>(values)
        .entrySet().stream()
            .map(each -> each.getKey() + each.getValue())
            .collect(Collectors.joining("_"));
  }
}
