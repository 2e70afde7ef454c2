package dev.caravan.tools.simulator;

/** A request that cannot be answered, with the error that says why. */
final class ApiErrorException extends Exception {

  private final transient ApiError error;

  ApiErrorException(ApiError error) {
    super(error.message());
    this.error = error;
  }

  ApiError error() {
    return error;
  }
}
