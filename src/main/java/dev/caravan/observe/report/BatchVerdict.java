package dev.caravan.observe.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.analysis.Verdict;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * What was said of a batch when it ended and was compared, from its {@code comparison.json}.
 *
 * @param verdict the verdict
 * @param sentence the verdict in words
 */
public record BatchVerdict(Verdict verdict, String sentence) {

  /** The verdict on the batch in this folder; empty if it was not compared when it ended. */
  public static Optional<BatchVerdict> read(Path folder) {
    try {
      JsonNode file = Json.read(folder.resolve(BatchFolder.COMPARISON), JsonNode.class);
      String sentence = file.path("sentence").asText("");
      return verdict(file.path("verdict").asText("")).map(v -> new BatchVerdict(v, sentence));
    } catch (IOException e) {
      return Optional.empty(); // it was not compared
    }
  }

  private static Optional<Verdict> verdict(String name) {
    return Arrays.stream(Verdict.values()).filter(each -> each.name().equals(name)).findAny();
  }
}
