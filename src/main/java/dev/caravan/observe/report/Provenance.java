package dev.caravan.observe.report;

import dev.caravan.config.Overrides;
import dev.caravan.config.Parameters;
import dev.caravan.config.Target;
import dev.caravan.model.Batch;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Where the metrics of a batch come from. Strings are empty when unknown.
 *
 * @param target scheme, host and port of the service; several when the batch sweeps over them
 * @param model the model; several when the batch sweeps over them
 * @param endpoint type of the endpoint, such as {@code chat}
 * @param tokenizer the tokenizer in the config
 * @param tokenCount how tokens were counted, see {@link TokenCount#message}
 * @param tokenCountTrusted whether that is the model's own count
 * @param aiperf version of aiperf
 * @param caravan version of Caravan
 * @param host the client host that generated the load
 * @param startedAt when the batch was accepted
 * @param finishedAt when it ended; empty while unfinished
 * @param labels the user's labels
 * @param source the config's file name
 * @param config the config's text
 * @param overrides what is set over it
 */
public record Provenance(
    String target,
    String model,
    String endpoint,
    String tokenizer,
    String tokenCount,
    boolean tokenCountTrusted,
    String aiperf,
    String caravan,
    String host,
    String startedAt,
    String finishedAt,
    Map<String, String> labels,
    String source,
    String config,
    Overrides overrides) {

  public Provenance {
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
  }

  /** The models of the runs of a batch. */
  public static String models(Batch batch) {
    return values(batch, "model", Parameters::model);
  }

  /** The services of the runs of a batch: scheme, host and port. */
  public static String targets(Batch batch) {
    return values(batch, "url", parameters -> Target.of(parameters.url()).toString());
  }

  /** The value of all runs, or all different values. */
  static String values(Batch batch, String key, Function<Parameters, String> value) {
    Set<Object> all = batch.config().values(key);
    return all.isEmpty()
        ? value.apply(batch.firstRun().parameters())
        : all.stream()
            .map(item -> batch.config().base().with(Map.of(key, item)))
            .map(value)
            .distinct()
            .collect(Collectors.joining(", "));
  }
}
