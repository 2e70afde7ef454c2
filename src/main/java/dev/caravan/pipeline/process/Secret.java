package dev.caravan.pipeline.process;

/**
 * An API key and the environment variable it comes from. Only the variable's name is ever shown.
 *
 * @param variable name of the environment variable
 * @param value the secret
 */
public record Secret(String variable, String value) {

  /** The variable as written in a shell: {@code $NAME}. */
  @Override
  public String toString() {
    return "$" + variable;
  }
}
