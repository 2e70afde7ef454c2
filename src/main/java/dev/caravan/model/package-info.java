/**
 * The domain: a {@link dev.caravan.model.Batch} and its runs, their outcomes, and the orders and
 * messages about them. Begin with {@link dev.caravan.model.Batch} and {@link
 * dev.caravan.model.Run}.
 */
package dev.caravan.model;
