/**
 * Events about batches, runs, targets and workers: numbered, journaled and delivered to receivers;
 * begin with {@link dev.caravan.observe.events.EventPipeline}.
 */
package dev.caravan.observe.events;
