package dev.caravan.tools.simulator;

/** A request is refused with an API error. */
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
