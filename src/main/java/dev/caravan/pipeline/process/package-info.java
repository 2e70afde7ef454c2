/**
 * Finds aiperf, starts it, watches it and ends its whole process tree; begin with {@link
 * dev.caravan.pipeline.process.ProcessRunner}.
 */
package dev.caravan.pipeline.process;
