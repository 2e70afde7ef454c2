package dev.caravan.config;

import java.util.OptionalInt;

public record Limits(OptionalInt maxFailures, int sameCause) {}
