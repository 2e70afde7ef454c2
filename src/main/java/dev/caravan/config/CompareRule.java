package dev.caravan.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a batch is compared with when it ends, and how.
 *
 * @param base what it is compared with
 * @param metrics columns of {@code results.csv} to compare; empty for the usual ones
 * @param tolerance column to the change for the worse that is accepted, as a fraction
 * @param failsOnInconclusive whether a command also fails when noise leaves the answer open
 * @param allow differences that are accepted, and ids of checks whose runs count
 */
public record CompareRule(
    Base base,
    List<String> metrics,
    Map<String, Double> tolerance,
    boolean failsOnInconclusive,
    List<String> allow) {

  public CompareRule {
    metrics = List.copyOf(metrics);
    tolerance = Collections.unmodifiableMap(new LinkedHashMap<>(tolerance));
    allow = List.copyOf(allow);
  }

  /** What a batch is compared with. */
  public sealed interface Base {

    /** The newest alike batches of this name whose verdict was not FAIL. */
    record Last(int batches) implements Base {}

    /** The newest alike batch of this name whose verdict was PASS. */
    record LastPass() implements Base {}

    /** A batch: its id, folder or name. */
    record Named(String batch) implements Base {}

    /** A stored baseline. */
    record Baseline(String name) implements Base {

      private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,99}");

      /** Whether a baseline can have this name. */
      public static boolean isName(String name) {
        return NAME.matcher(name).matches();
      }
    }

    /** Another variant of the same batch. */
    record OfVariant(String name) implements Base {}
  }
}
