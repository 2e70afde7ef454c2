package dev.caravan.pipeline.process;

/**
 * An API key and the environment variable that it came from. Only the name is ever shown.
 *
 * @param variable name of the variable
 * @param value the secret
 */
public record Secret(String variable, String value) {

  /** The name, as a shell writes it. */
  @Override
  public String toString() {
    return "$" + variable;
  }
}
