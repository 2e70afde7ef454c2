/**
 * The messages and archives that hub and workers exchange; begin with {@link
 * dev.caravan.fleet.protocol.Assignment}.
 */
package dev.caravan.fleet.protocol;
