package dev.caravan.observe.compare;

import java.util.List;
import java.util.Set;

/**
 * How the two sides of a comparison are related.
 *
 * @param varied keys that the sides are meant to differ in
 * @param inTurn whether both took turns on one service, so that there is no noise between them
 * @param history batches of the same thing as the base, from which the noise between batches is
 *     measured
 * @param notes what to know about it, one sentence each
 */
public record Pairing(
    Set<String> varied, boolean inTurn, List<ComparedBatch> history, List<String> notes) {

  /** Batches that have nothing to do with each other. */
  public static final Pairing SEPARATE = new Pairing(Set.of(), false, List.of(), List.of());

  public Pairing {
    varied = Set.copyOf(varied);
    history = List.copyOf(history);
    notes = List.copyOf(notes);
  }
}
