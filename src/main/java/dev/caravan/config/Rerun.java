package dev.caravan.config;

public record Rerun(String batch, int runIndex) {}
