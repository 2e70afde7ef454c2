/**
 * Tests of the packaged program through {@code ./caravan}. Start with {@link
 * dev.caravan.endtoend.OneShotIT} and {@link dev.caravan.endtoend.DaemonIT}.
 */
package dev.caravan.endtoend;
