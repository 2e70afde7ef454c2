/**
 * Checks whether the numbers of a finished attempt are what their labels say. A check is a pure
 * function of the evidence. Begin with {@link dev.caravan.pipeline.outcome.checks.Checks}.
 */
package dev.caravan.pipeline.outcome.checks;
