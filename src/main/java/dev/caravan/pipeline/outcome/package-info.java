/**
 * Judges what an attempt left in its run folder, and reads and writes the result files of runs and
 * batches. Begin with {@link dev.caravan.pipeline.outcome.Judge}.
 */
package dev.caravan.pipeline.outcome;
