package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.model.Batch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which batches of a name did the same work, and may be set side by side. */
class WorkloadDigestTest {

  private Nights nights;

  @BeforeEach
  void prepare(@TempDir Path folder) throws IOException {
    nights = new Nights(folder);
  }

  @Test
  void setsOnlyBatchesOfTheSameWorkSideBySide() throws IOException {
    // given
    nights.usual(6, "");
    nights.night("vary_prompts: true\n", 500, 60);

    // then
    assertThat(nights.trend().throughput()).isEmpty();
    assertThat(nights.trend().isBreak(6)).isTrue();
    assertThat(nights.trend().isBreak(5)).isFalse();

    // when: what makes no difference to the work differs
    Batch batch = nights.night("vary_prompts: true\nlabels: {commit: abc}\n# a comment\n", 500, 60);

    // then
    assertThat(nights.trend().newest().id()).isEqualTo(batch.id());
    assertThat(nights.trend().throughput()).map(Change::batches).contains(1);
  }

  @Test
  void setsNoBatchesOfOtherPromptsSideBySide() throws IOException {
    // given
    Path dataset = nights.tree.home().home.datasets().resolve("d.jsonl");
    Files.createDirectories(dataset.getParent());
    String rest = "  custom_dataset_type: single_turn\n  input_file: d.jsonl\n";
    Files.writeString(dataset, "{\"text\": \"a\"}\n");
    Batch first = nights.tree.batch(FixedRules.BASE + rest);
    Batch same = nights.tree.batch(FixedRules.BASE + rest);

    // when
    Files.writeString(dataset, "{\"text\": \"b\"}\n");
    Batch other = nights.tree.batch(FixedRules.BASE + rest);

    // then
    assertThat(WorkloadDigest.of(same)).isEqualTo(WorkloadDigest.of(first));
    assertThat(WorkloadDigest.of(other)).isNotEqualTo(WorkloadDigest.of(first));
  }

  @Test
  void tellsBatchesApartThatDifferInTheirLastRunOnly() {
    // given
    String seeds = "sweeps: {concurrency: [1, 2, 4], random_seed: %s}\n";
    List<Integer> numbers = new ArrayList<>(IntStream.range(0, 5_000).boxed().toList());
    Batch first = nights.tree.batch(FixedRules.BASE + seeds.formatted(numbers));

    // when
    numbers.set(4_999, 70_000);
    Batch other = nights.tree.batch(FixedRules.BASE + seeds.formatted(numbers));

    // then
    assertThat(WorkloadDigest.of(other)).isNotEqualTo(WorkloadDigest.of(first));
  }
}
