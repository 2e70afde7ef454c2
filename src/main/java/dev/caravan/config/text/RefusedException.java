package dev.caravan.config.text;

/**
 * A request, config or setting is refused. The message is for the user: it says what is wrong and
 * how to put it right.
 */
public class RefusedException extends RuntimeException {

  public RefusedException(String message) {
    super(message);
  }
}
