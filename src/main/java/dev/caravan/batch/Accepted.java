package dev.caravan.batch;

import java.util.OptionalInt;

/**
 * What a config asked for: a new batch, or one run of a batch that is there again.
 *
 * @param batch the batch
 * @param again index of the run to do again; empty for the whole of a new batch
 */
public record Accepted(Batch batch, OptionalInt again) {

  static Accepted whole(Batch batch) {
    return new Accepted(batch, OptionalInt.empty());
  }
}
