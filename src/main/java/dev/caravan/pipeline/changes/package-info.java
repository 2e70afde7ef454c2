/**
 * The changes that the stages publish, and their listeners. Start with {@link
 * dev.caravan.pipeline.changes.PipelineListener}.
 */
package dev.caravan.pipeline.changes;
