package dev.caravan.pipeline.target;

import java.net.URI;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.routing.HttpRoutePlanner;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * The proxies that aiohttp reads from the environment: {@code http_proxy}, {@code https_proxy} and
 * {@code no_proxy}, where lower case wins over upper case. {@code all_proxy} and https proxies are
 * not supported. {@code no_proxy} lists host names and domain suffixes, or {@code *}.
 */
final class TargetProxies {

  /** No proxies. */
  static final TargetProxies NONE = new TargetProxies(Map.of(), List.of());

  private final Map<String, URI> byScheme;
  private final List<String> noProxyHosts;

  private TargetProxies(Map<String, URI> byScheme, List<String> noProxyHosts) {
    this.byScheme = Map.copyOf(byScheme);
    this.noProxyHosts = List.copyOf(noProxyHosts);
  }

  /** Reads the proxies from the environment and adds a warning for each that aiperf ignores. */
  static TargetProxies of(Map<String, String> environment, List<String> warnings) {
    Map<String, URI> proxies = new HashMap<>();
    for (String scheme : List.of("http", "https")) {
      variable(environment, scheme + "_proxy")
          .flatMap(value -> proxy(scheme + "_proxy", value, warnings))
          .ifPresent(proxy -> proxies.put(scheme, proxy));
    }
    String noProxy = variable(environment, "no_proxy").orElse("").toLowerCase(Locale.ROOT);
    List<String> noProxyHosts =
        Arrays.stream(noProxy.split(","))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .toList();
    return new TargetProxies(proxies, noProxyHosts);
  }

  /** The proxy for a host, if any. */
  Optional<HttpHost> proxyFor(String scheme, String host) {
    return isDirect(host.toLowerCase(Locale.ROOT))
        ? Optional.empty()
        : Optional.ofNullable(byScheme.get(scheme)).map(TargetProxies::host);
  }

  /** Routes requests through these proxies. */
  HttpRoutePlanner planner() {
    return new DefaultRoutePlanner(null) {
      @Override
      protected HttpHost determineProxy(HttpHost target, HttpContext context) {
        return proxyFor(target.getSchemeName(), target.getHostName()).orElse(null);
      }
    };
  }

  /** The user names and passwords in the proxy URLs; they are sent to the proxies only. */
  BasicCredentialsProvider credentials() {
    BasicCredentialsProvider credentials = new BasicCredentialsProvider();
    for (URI proxy : byScheme.values()) {
      if (proxy.getUserInfo() != null) {
        String[] parts = proxy.getUserInfo().split(":", 2);
        char[] password = parts.length > 1 ? parts[1].toCharArray() : new char[0];
        HttpHost host = host(proxy);
        credentials.setCredentials(
            new AuthScope(host.getHostName(), host.getPort()),
            new UsernamePasswordCredentials(parts[0], password));
      }
    }
    return credentials;
  }

  private boolean isDirect(String host) {
    return noProxyHosts.contains("*")
        || noProxyHosts.stream()
            .map(name -> name.replaceAll("^\\.+", ""))
            .anyMatch(name -> host.equals(name) || host.endsWith("." + name));
  }

  private static Optional<URI> proxy(String variable, String value, List<String> warnings) {
    try {
      URI proxy = URI.create(value.contains("://") ? value : "http://" + value);
      if ("http".equalsIgnoreCase(proxy.getScheme()) && proxy.getHost() != null) {
        return Optional.of(proxy);
      }
    } catch (IllegalArgumentException e) {
      // Warned of below; the exception's message would quote a password.
    }
    warnings.add(variable + " is not an http:// proxy; aiperf ignores other kinds");
    return Optional.empty();
  }

  private static HttpHost host(URI proxy) {
    return new HttpHost("http", proxy.getHost(), proxy.getPort() < 0 ? 80 : proxy.getPort());
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    String lower = environment.get(name);
    String value = lower == null ? environment.get(name.toUpperCase(Locale.ROOT)) : lower;
    return Optional.ofNullable(value).filter(text -> !text.isBlank());
  }
}
