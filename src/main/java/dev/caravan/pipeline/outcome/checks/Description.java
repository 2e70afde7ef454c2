package dev.caravan.pipeline.outcome.checks;

/**
 * What a check asks.
 *
 * @param id its name in configs and files
 * @param figure what it compares with its thresholds, with the unit
 * @param thresholds from where on that is a finding
 * @param rule when it finds something, in one sentence
 * @param why why that matters and why the threshold is where it is
 * @param advice what to do about it
 */
public record Description(
    String id, String figure, Thresholds thresholds, String rule, String why, String advice) {}
