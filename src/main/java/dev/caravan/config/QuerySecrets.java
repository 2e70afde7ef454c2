package dev.caravan.config;

import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Secrets in the queries of URLs and paths, told by the names of the parameters that carry them.
 */
public final class QuerySecrets {

  private static final String MASK = "********";
  private static final Pattern PARAMETER =
      Pattern.compile("(?<=[?&])([^=&?#\\s\"']*+)=([^&#\\s\"']++)");
  private static final List<String> NAMES =
      List.of("key", "token", "secret", "password", "passwd", "pwd", "signature", "sig", "auth");

  private QuerySecrets() {}

  /** The values of {@code api_key}, {@code access_token} and the like in an endpoint. */
  public static List<String> of(String endpoint) {
    return PARAMETER
        .matcher(endpoint)
        .results()
        .filter(QuerySecrets::isSecret)
        .map(parameter -> parameter.group(2))
        .toList();
  }

  /** An endpoint, or a text with some, such as a config, to show with {@code api_key=********}. */
  public static String masked(String text) {
    return PARAMETER
        .matcher(text)
        .replaceAll(
            parameter ->
                Matcher.quoteReplacement(
                    isSecret(parameter) ? parameter.group(1) + "=" + MASK : parameter.group()));
  }

  private static boolean isSecret(MatchResult parameter) {
    String name = parameter.group(1).toLowerCase(Locale.ROOT);
    return NAMES.stream().anyMatch(name::endsWith);
  }
}
