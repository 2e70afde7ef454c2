/**
 * The worker's side of a fleet, without broker code: keeps assigned runs in a spool and sends
 * heartbeats; begin with {@link dev.caravan.fleet.worker.WorkerService}.
 */
package dev.caravan.fleet.worker;
