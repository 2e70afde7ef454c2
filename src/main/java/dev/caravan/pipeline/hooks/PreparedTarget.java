package dev.caravan.pipeline.hooks;

import dev.caravan.model.Run;
import dev.caravan.pipeline.process.ProcessIdentity;

/**
 * The run that a target was last prepared for by hooks of this home.
 *
 * @param schema version of this format
 * @param claim claim id of its batch
 * @param batch id of its batch
 * @param variant its variant; empty without variants
 * @param point its point; empty for a single point
 * @param repeat which repeat, from 1
 * @param index its index in the batch
 * @param boot the kernel's ID of the boot in which it was prepared
 */
record PreparedTarget(
    int schema,
    String claim,
    String batch,
    String variant,
    String point,
    int repeat,
    int index,
    String boot) {

  private static final int SCHEMA = 1;

  static PreparedTarget of(Run run) {
    return new PreparedTarget(
        SCHEMA,
        run.batch().record().claimId(),
        run.batch().id(),
        run.place().variant(),
        run.place().point(),
        run.place().repeat(),
        run.index(),
        ProcessIdentity.currentBoot());
  }

  /** Whether it was prepared for a run of the same variant of the same batch since the boot. */
  boolean isVariantOf(Run run) {
    return ProcessIdentity.currentBoot().equals(boot)
        && run.batch().record().claimId().equals(claim)
        && run.place().variant().equals(variant);
  }
}
