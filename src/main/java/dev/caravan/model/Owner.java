package dev.caravan.model;

/**
 * Who executes a batch; nobody else resumes it.
 *
 * @param home id of the home
 * @param mode {@code daemon} or {@code one-shot}
 */
public record Owner(String home, String mode) {

  public static final String DAEMON = "daemon";
  public static final String ONE_SHOT = "one-shot";
}
