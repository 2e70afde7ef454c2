package dev.caravan.tools.simulator;

/** Reports more or fewer completion tokens than there are. */
final class UsageFactor implements Behavior {

  private final double factor;

  UsageFactor(double factor) {
    this.factor = factor;
  }

  @Override
  public Usage usage(CompletionRequest request, Usage usage) {
    return new Usage(usage.prompt(), (int) Math.round(usage.completion() * factor), usage.cached());
  }
}
