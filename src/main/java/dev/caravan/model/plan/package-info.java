/**
 * Computes the runs of a batch from its sweeps, with their folder names. Begin with {@link
 * dev.caravan.model.plan.Sweep}.
 */
package dev.caravan.model.plan;
