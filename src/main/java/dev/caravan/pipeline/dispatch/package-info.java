/**
 * Decides which run is next, releases it, and carries out control requests. Start at {@link
 * Dispatch}.
 */
package dev.caravan.pipeline.dispatch;
