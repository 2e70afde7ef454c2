/**
 * Records the results of runs in the summary and table of their batch. Start at {@link Recorder}.
 */
package dev.caravan.pipeline.record;
