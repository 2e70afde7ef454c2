/**
 * The hub's side of a fleet, without broker code: assigns runs, tracks workers and leases, and
 * unpacks results; begin with {@link dev.caravan.fleet.hub.HubService}.
 */
package dev.caravan.fleet.hub;
