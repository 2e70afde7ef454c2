package dev.caravan.observe.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the figures of a batch come from. Texts are empty where a tree does not tell.
 *
 * @param target scheme, host and port of the service; several when the batch sweeps over them
 * @param model the model; several when the batch sweeps over them
 * @param endpoint kind of the endpoint, such as {@code chat}
 * @param tokenizer the tokenizer that the config names
 * @param tokensBy how tokens were counted, in words
 * @param tokensTrusted whether that is the model's own count
 * @param aiperf version of aiperf
 * @param caravan version of Caravan
 * @param host the machine that made the load
 * @param startedAt when the batch began
 * @param finishedAt when it ended; empty while it runs
 * @param labels the user's own labels
 * @param source the config's name as it was dropped
 * @param config the config's text
 */
public record Provenance(
    String target,
    String model,
    String endpoint,
    String tokenizer,
    String tokensBy,
    boolean tokensTrusted,
    String aiperf,
    String caravan,
    String host,
    String startedAt,
    String finishedAt,
    Map<String, String> labels,
    String source,
    String config) {

  public Provenance {
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
  }
}
