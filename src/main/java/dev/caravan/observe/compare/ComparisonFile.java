package dev.caravan.observe.compare;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.analysis.Verdict;
import dev.caravan.observe.report.ComparisonResult;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

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

  /** From the worst. */
  private static final List<Verdict> BY_GRAVITY =
      List.of(Verdict.FAIL, Verdict.REFUSED, Verdict.INCONCLUSIVE, Verdict.NONE, Verdict.PASS);

  public ComparisonFile {
    comparisons = List.copyOf(comparisons);
  }

  /** The file of these comparisons. */
  public static ComparisonFile of(List<ComparisonResult> comparisons) {
    ComparisonResult worst =
        comparisons.stream()
            .min(Comparator.comparing(each -> BY_GRAVITY.indexOf(each.verdict())))
            .orElseThrow();
    return new ComparisonFile(
        ComparisonResult.SCHEMA, worst.verdict(), worst.sentence(), comparisons);
  }

  /** Writes it into the folder of the batch that was judged. */
  public void write(Path folder, DurableFiles files) throws IOException {
    files.writeWhole(folder.resolve(BatchFolder.COMPARISON), Json.file(this));
  }

  /** The verdict on the batch in this folder; empty if it was not compared when it ended. */
  public static Optional<Verdict> verdict(Path folder) {
    return text(folder, "verdict")
        .flatMap(
            name ->
                Arrays.stream(Verdict.values()).filter(each -> each.name().equals(name)).findAny());
  }

  /** The sentence on the batch in this folder; empty if it was not compared when it ended. */
  public static Optional<String> sentence(Path folder) {
    return text(folder, "sentence");
  }

  private static Optional<String> text(Path folder, String field) {
    try {
      return Optional.of(
              Json.read(folder.resolve(BatchFolder.COMPARISON), JsonNode.class)
                  .path(field)
                  .asText(""))
          .filter(text -> !text.isEmpty());
    } catch (IOException e) {
      return Optional.empty(); // it was not compared
    }
  }
}
