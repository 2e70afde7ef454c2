package dev.caravan.pipeline.target;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpRequest;

/**
 * The headers that the service of a run expects in each request, which aiperf sends, too.
 *
 * @param values the headers by name
 */
public record RequestHeaders(Map<String, String> values) {

  /** No headers. */
  public static final RequestHeaders NONE = new RequestHeaders(Map.of());

  /** Headers of the request itself, which the client sets. */
  private static final Set<String> OF_THE_CLIENT =
      Set.of(
          "accept-encoding",
          "connection",
          "content-encoding",
          "content-length",
          "content-type",
          "expect",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
  private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e]*");

  /** Parts of the names of headers whose values are secret. */
  private static final List<String> SECRET =
      List.of("auth", "key", "token", "secret", "cookie", "password", "credential");

  private static final int SHORTEST_SECRET = 4;

  /** Ignores the case of names. */
  public RequestHeaders {
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.putAll(values);
    values = Collections.unmodifiableMap(all);
  }

  /** The headers that a request can have, of the given ones. */
  public static RequestHeaders of(Map<String, String> given) {
    Map<String, String> sendable = new LinkedHashMap<>(given);
    sendable.entrySet().removeIf(header -> !isSendable(header.getKey(), header.getValue()));
    return new RequestHeaders(sendable);
  }

  /** With this API key, which replaces another Authorization header. */
  public RequestHeaders withBearer(String key) {
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.putAll(values);
    all.put(HttpHeaders.AUTHORIZATION, "Bearer " + key);
    return new RequestHeaders(all);
  }

  /** Adds them to a request. */
  void addTo(HttpRequest request) {
    values.forEach(request::setHeader);
  }

  /** The reply without the secrets among them, because some servers quote what they reject. */
  public TargetReply masked(TargetReply reply) {
    TargetReply masked = reply;
    for (String secret : secrets()) {
      masked = masked.withMasked(secret);
    }
    return masked;
  }

  private List<String> secrets() {
    return values.entrySet().stream()
        .filter(header -> SECRET.stream().anyMatch(lower(header.getKey())::contains))
        .flatMap(header -> secrets(header.getValue()))
        .toList();
  }

  /** A value, and what follows its scheme, as in {@code Bearer sk-1}. */
  private static Stream<String> secrets(String value) {
    return Stream.of(value, value.substring(value.indexOf(' ') + 1))
        .filter(secret -> secret.length() >= SHORTEST_SECRET);
  }

  private static boolean isSendable(String name, String value) {
    return NAME.matcher(name).matches()
        && VALUE.matcher(value).matches()
        && !OF_THE_CLIENT.contains(lower(name));
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** Only the names, since values may be secret. */
  @Override
  public String toString() {
    return values.keySet().toString();
  }
}
