package dev.caravan.observe.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.model.Batch;
import dev.caravan.observe.report.ComparisonResult.Unlike;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches are alike only if their files of prompts hold the same, whatever their names. */
class DatasetLikenessTest {

  private static final String DATASET = "  custom_dataset_type: single_turn\n  input_file: ";

  private SampleTree tree;

  @BeforeEach
  void prepare(@TempDir Path folder) throws IOException {
    tree = new SampleTree(folder);
    Files.createDirectories(tree.home().home.datasets());
  }

  private void dataset(String name, String prompt) throws IOException {
    Files.writeString(
        tree.home().home.datasets().resolve(name), "{\"text\": \"%s\"}\n".formatted(prompt));
  }

  private Batch batch(String rest) throws IOException {
    Batch batch = tree.batch(FixedRules.BASE + rest);
    batch.indexes().forEach(index -> tree.succeeded(batch.run(index), 1000, 60));
    tree.summarise(batch, true);
    return batch;
  }

  private static List<String> unlike(Batch base, Batch candidate, String... allowed)
      throws IOException {
    return likeness(base, candidate, Set.of(allowed)).unlike().stream().map(Unlike::text).toList();
  }

  private static Likeness likeness(Batch base, Batch candidate, Set<String> allowed)
      throws IOException {
    ComparedBatchReader reader = new ComparedBatchReader();
    return new Likeness(
        ComparedSide.of(reader.read(base.folder())),
        ComparedSide.of(reader.read(candidate.folder())),
        Set.of(),
        allowed);
  }

  @Test
  void tellsTwoFilesOfOneNameApart() throws IOException {
    // given
    dataset("d.jsonl", "a");
    Batch first = batch(DATASET + "d.jsonl\n");
    Batch same = batch(DATASET + "d.jsonl\n");
    dataset("d.jsonl", "b");

    // when
    Batch other = batch(DATASET + "d.jsonl\n");

    // then
    assertThat(unlike(first, same)).isEmpty();
    assertThat(unlike(first, other))
        .singleElement()
        .asString()
        .matches("input_file: sha256 [0-9a-f]{16} / sha256 [0-9a-f]{16}");
    assertThat(likeness(first, other, Set.of("input_file")).isAlike()).isTrue();
  }

  @Test
  void namesAFileOnceOfWhichBothNameAndContentDiffer() throws IOException {
    // given
    dataset("d.jsonl", "a");
    dataset("e.jsonl", "b");

    // then
    assertThat(unlike(batch(DATASET + "d.jsonl\n"), batch(DATASET + "e.jsonl\n")))
        .containsExactly("input_file: d.jsonl / e.jsonl");
  }

  @Test
  void tellsTwoFilesOfOneNameApartThatAPointNames() throws IOException {
    // given
    String points = "sweeps: {input_file: [d.jsonl, e.jsonl]}\n";
    dataset("d.jsonl", "a");
    dataset("e.jsonl", "b");
    Batch first = batch("  custom_dataset_type: single_turn\n" + points);
    dataset("e.jsonl", "c");

    // when
    Batch other = batch("  custom_dataset_type: single_turn\n" + points);

    // then
    assertThat(unlike(first, other)).singleElement().asString().startsWith("input_file: sha256 ");
  }
}
