package dev.caravan.config;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Secrets in the query of an endpoint, told by the names of the parameters that carry them. */
public final class QuerySecrets {

  private static final String MASK = "********";
  private static final List<String> NAMES =
      List.of("key", "token", "secret", "password", "passwd", "pwd", "signature", "sig", "auth");

  private QuerySecrets() {}

  /** The values of {@code api_key}, {@code access_token} and the like. */
  public static List<String> of(String endpoint) {
    return parameters(endpoint).map(QuerySecrets::value).toList();
  }

  /** An endpoint to show, with {@code api_key=********}. */
  public static String masked(String endpoint) {
    String masked = endpoint;
    for (String parameter : parameters(endpoint).toList()) {
      masked = masked.replace(parameter, name(parameter) + "=" + MASK);
    }
    return masked;
  }

  /** A text, such as that of a config, without these values of parameters. */
  static String masked(String text, List<String> secrets) {
    String masked = text;
    for (String secret : secrets) {
      masked = masked.replace("=" + secret, "=" + MASK);
    }
    return masked;
  }

  private static Stream<String> parameters(String endpoint) {
    String query = endpoint.substring(endpoint.indexOf('?') + 1);
    return query.length() == endpoint.length()
        ? Stream.empty()
        : Stream.of(query.split("[&#]")).filter(QuerySecrets::isSecret);
  }

  private static boolean isSecret(String parameter) {
    String name = name(parameter).toLowerCase(Locale.ROOT);
    return NAMES.stream().anyMatch(name::endsWith) && !value(parameter).isEmpty();
  }

  private static String name(String parameter) {
    return parameter.split("=", 2)[0];
  }

  private static String value(String parameter) {
    return parameter.substring(Math.min(parameter.length(), name(parameter).length() + 1));
  }
}
