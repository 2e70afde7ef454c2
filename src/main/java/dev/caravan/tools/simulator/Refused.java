package dev.caravan.tools.simulator;

/** A request that cannot be answered, with the error that says why. */
final class Refused extends Exception {

  private final transient ApiError error;

  Refused(ApiError error) {
    super(error.message());
    this.error = error;
  }

  ApiError error() {
    return error;
  }
}
