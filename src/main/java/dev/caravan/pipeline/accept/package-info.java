/**
 * Turns a dropped config into a batch folder: claim, check, plan, archive. Start at {@link
 * Acceptance}.
 */
package dev.caravan.pipeline.accept;
