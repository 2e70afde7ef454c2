package dev.caravan.observe.http;

/**
 * The result of a health check. Pages, metrics and health requests all show the same results.
 *
 * @param name such as {@code disk}
 * @param healthy whether this part lets the daemon do its work
 * @param message the reason, or details; may be empty
 */
public record HealthResult(String name, boolean healthy, String message) {}
