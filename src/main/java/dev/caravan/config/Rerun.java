package dev.caravan.config;

/**
 * A run of an earlier batch to execute again. Acceptance checks whether the batch exists and is in
 * an allowed folder.
 *
 * @param batch {@code <batch_name>/<timestamp>}, or the path of the batch folder, without {@code
 *     ..} and control characters
 * @param runIndex index of the run, from 0
 */
public record Rerun(String batch, int runIndex) {}
