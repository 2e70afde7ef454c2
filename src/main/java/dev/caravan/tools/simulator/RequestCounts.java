package dev.caravan.tools.simulator;

import java.util.SortedMap;

/**
 * What a simulator has seen so far, read at one moment while it goes on.
 *
 * @param requests HTTP requests of all kinds
 * @param completions those that asked for a completion, whatever they got
 * @param byStatus HTTP status to number of answers that were sent to the end
 * @param dropped requests whose caller hung up before the end of the answer
 * @param running completions being served
 * @param waiting completions in line for a place
 * @param promptTokens tokens of the prompts taken, by the rough count of the usage field
 * @param generatedTokens tokens sent or made for whole answers
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

  /** Number of answers with this status. */
  public long answered(int status) {
    return byStatus.getOrDefault(status, 0L);
  }
}
