package dev.caravan.observe.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.caravan.model.Outcome;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A batch in a list.
 *
 * @param id {@code <batch_name>/<timestamp>}
 * @param folder its folder
 * @param startedAt RFC 3339; empty when unknown
 * @param finishedAt RFC 3339; empty while unfinished
 * @param total number of its runs
 * @param outcomes number of runs by outcome, without zeros
 * @param model its model
 * @param target its target
 * @param labels the user's labels
 * @param bestThroughput highest mean of output tokens per second of the repeats of a point that
 *     succeeded, or of requests per second when tokens were not counted; null when none did
 * @param bestUnit its unit
 * @param bestPoint folder of the first of those repeats
 * @param slo up to which load runs keep the bounds of the config, or how many do; empty without
 *     bounds
 * @param verdict the verdict when it ended and was compared; empty if it was not
 * @param sentence the verdict in words
 * @param figures what it is judged by beside earlier batches of its name; empty while unfinished
 */
public record BatchEntry(
    String id,
    String folder,
    String startedAt,
    String finishedAt,
    int total,
    Map<String, Integer> outcomes,
    String model,
    String target,
    Map<String, String> labels,
    Double bestThroughput,
    String bestUnit,
    String bestPoint,
    String slo,
    String verdict,
    String sentence,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<BatchFigures> figures) {

  public BatchEntry {
    // A daemon of an older version does not send them.
    slo = Objects.toString(slo, "");
    verdict = Objects.toString(verdict, "");
    sentence = Objects.toString(sentence, "");
    figures = figures == null ? Optional.empty() : figures;
  }

  /** Its name, which batches of the same config share. */
  public String name() {
    int slash = id.lastIndexOf('/');
    return slash < 0 ? id : id.substring(0, slash);
  }

  /** Number of runs with this outcome. */
  public int count(Outcome outcome) {
    return outcomes.getOrDefault(outcome.value(), 0);
  }
}
