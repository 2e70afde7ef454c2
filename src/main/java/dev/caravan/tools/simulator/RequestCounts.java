package dev.caravan.tools.simulator;

import java.util.SortedMap;

/**
 * Request counts of a simulator, a snapshot.
 *
 * @param requests all HTTP requests
 * @param completions completion requests, whatever their response
 * @param byStatus HTTP status to number of responses sent completely
 * @param dropped requests whose client disconnected before the end of the response
 * @param running completions in progress
 * @param waiting completions queued for a slot
 * @param promptTokens prompt tokens processed, estimated as in the usage field
 * @param generatedTokens tokens generated
 */
public record RequestCounts(
    long requests,
    long completions,
    SortedMap<Integer, Long> byStatus,
    long dropped,
    int running,
    int waiting,
    long promptTokens,
    long generatedTokens) {

  /** Number of responses with this status. */
  public long responses(int status) {
    return byStatus.getOrDefault(status, 0L);
  }
}
