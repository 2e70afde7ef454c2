package dev.caravan.observe.compare;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.caravan.analysis.Verdict;
import dev.caravan.observe.report.ComparisonResult;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The comparisons of a batch, as JSON: {@code comparison.json} in its folder, and the output of
 * {@code caravan compare --format json}.
 *
 * @param schema version of the fields
 * @param verdict the worst verdict
 * @param sentence its sentence
 * @param comparisons all of them, at least one
 */
@JsonPropertyOrder({"schema", "verdict", "sentence", "comparisons"})
public record ComparisonFile(
    int schema, Verdict verdict, String sentence, List<ComparisonResult> comparisons) {

  public ComparisonFile {
    comparisons = List.copyOf(comparisons);
  }

  /** The file of these comparisons. */
  public static ComparisonFile of(List<ComparisonResult> comparisons) {
    ComparisonResult worst = comparisons.stream().min(ComparisonResult.WORST_FIRST).orElseThrow();
    return new ComparisonFile(
        ComparisonResult.SCHEMA, worst.verdict(), worst.sentence(), comparisons);
  }

  /** Writes it into the folder of the batch that was judged. */
  public void write(Path folder, DurableFiles files) throws IOException {
    files.writeWhole(folder.resolve(BatchFolder.COMPARISON), Json.file(this));
  }
}
