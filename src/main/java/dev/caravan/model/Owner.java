package dev.caravan.model;

/**
 * The home and mode that execute a batch. Only its owner resumes it.
 *
 * @param home id of the home
 * @param mode {@code daemon} or {@code one-shot}
 */
public record Owner(String home, String mode) {

  public static final String DAEMON = "daemon";
  public static final String ONE_SHOT = "one-shot";
}
