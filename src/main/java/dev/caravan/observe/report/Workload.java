package dev.caravan.observe.report;

import dev.caravan.model.Batch;
import dev.caravan.storage.Json;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * What a batch measures, as a digest that equal work shares: the parameters of its runs without the
 * place of the service, what varies their prompts, its bounds, and the version of aiperf. Where the
 * service is, labels, comments and repeats make no difference.
 */
final class Workload {

  /** A batch may have 100,000 runs, of which the first tell enough. */
  private static final int MAX_RUNS = 1000;

  private Workload() {}

  static String of(Batch batch) {
    Set<String> runs =
        batch
            .indexes()
            .limit(MAX_RUNS)
            .mapToObj(batch::run)
            .map(
                run ->
                    run.place().variant()
                        + Json.text(new TreeMap<>(ParameterTexts.of(run.parameters()))))
            .collect(Collectors.toCollection(TreeSet::new));
    return DigestUtils.sha256Hex(
        Json.text(
            List.of(
                runs,
                batch.size(),
                batch.config().variesPrompts(),
                batch.config().evaluation().slo(),
                Objects.toString(batch.record().versions().aiperf(), ""))));
  }
}
