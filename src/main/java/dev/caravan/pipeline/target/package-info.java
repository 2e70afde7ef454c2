/**
 * Probes the service under test and explains why it is not ready; begin with {@link
 * dev.caravan.pipeline.target.TargetClient} and {@link dev.caravan.pipeline.target.Readiness}.
 */
package dev.caravan.pipeline.target;
