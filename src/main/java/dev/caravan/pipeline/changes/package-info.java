/**
 * What the stages tell others. Start with {@link dev.caravan.pipeline.changes.PipelineListener}.
 */
package dev.caravan.pipeline.changes;
