package dev.caravan.config.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the valid name that a misspelt one most likely stands for. */
public final class NearestName {

  /** Longer names are no typos, and comparing them would take long. */
  private static final int MAX_LENGTH = 64;

  private NearestName() {}

  /** The nearest of these names, if one is near enough. */
  public static Optional<String> find(String name, Collection<String> names) {
    if (name.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    String normalized = normalize(name);
    return names.stream()
        .min(Comparator.comparingInt(candidate -> distance(normalized, normalize(candidate))))
        .filter(
            candidate ->
                distance(normalized, normalize(candidate)) <= Math.max(1, candidate.length() / 4));
  }

  /** {@code ; did you mean "concurrency"?}, or an empty string. */
  public static String hint(String name, Collection<String> names) {
    return find(name, names)
        .map(nearest -> "; did you mean " + DisplayText.quoted(nearest) + "?")
        .orElse("");
  }

  private static String normalize(String name) {
    return name.toLowerCase(Locale.ROOT).replace('-', '_');
  }

  /** Edits to get from a to b: change, add, drop or swap letters (optimal string alignment). */
  private static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : step(cost, a, b, i, j);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static int step(int[][] cost, String a, String b, int i, int j) {
    int substitution = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int least = Math.min(substitution, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
  }
}
