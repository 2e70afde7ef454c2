package dev.caravan.model;

import java.util.OptionalInt;

/**
 * What an accepted config starts: a new batch, or one run of an existing batch again.
 *
 * @param batch the batch
 * @param rerunIndex index of the run to execute again; empty for a new batch
 * @param order who submitted the config, and its claim id
 */
public record AcceptedBatch(Batch batch, OptionalInt rerunIndex, Control.Order order) {

  /** A new batch, with all of its runs. */
  public static AcceptedBatch newBatch(Batch batch, Control.Order order) {
    return new AcceptedBatch(batch, OptionalInt.empty(), order);
  }
}
