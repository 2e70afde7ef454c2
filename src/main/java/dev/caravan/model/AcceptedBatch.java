package dev.caravan.model;

import java.util.OptionalInt;

/**
 * What a config asked for: a new batch, or one run of a batch that is there again.
 *
 * @param batch the batch
 * @param again index of the run to do again; empty for the whole of a new batch
 * @param order who dropped the config, and which claim it is
 */
public record AcceptedBatch(Batch batch, OptionalInt again, Control.Order order) {

  public static AcceptedBatch whole(Batch batch, Control.Order order) {
    return new AcceptedBatch(batch, OptionalInt.empty(), order);
  }
}
