package dev.caravan.config;

/**
 * One run of an earlier batch that is asked for again. Whether there is such a batch, and whether
 * it lies where results may lie, is for whoever accepts the config to check.
 *
 * @param batch {@code <batch_name>/<timestamp>}, or the path of the batch folder; never with {@code
 *     ..} or control characters
 * @param runIndex index of the run, from 0
 */
public record Rerun(String batch, int runIndex) {}
