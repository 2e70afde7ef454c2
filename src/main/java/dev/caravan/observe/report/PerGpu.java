package dev.caravan.observe.report;

import java.util.Map;
import java.util.OptionalDouble;

/** Throughput per GPU, of runs whose label {@code gpus} is a number. */
final class PerGpu {

  /** The label with the number of GPUs of the service. */
  static final String LABEL = "gpus";

  private PerGpu() {}

  /** The share of one GPU; empty without their number. */
  static OptionalDouble of(Map<String, String> labels, OptionalDouble throughput) {
    String text = labels.getOrDefault(LABEL, "");
    double gpus = text.matches("\\d{1,6}") ? Double.parseDouble(text) : 0;
    return gpus > 0 && throughput.isPresent()
        ? OptionalDouble.of(throughput.getAsDouble() / gpus)
        : OptionalDouble.empty();
  }
}
