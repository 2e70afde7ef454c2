package dev.caravan.pipeline.target;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The network settings that aiperf derives from its environment (aiperf 0.13.0,
 * common/environment.py; aiohttp; OpenSSL). A probe with other settings could report a target ready
 * that aiperf cannot reach.
 *
 * @param verifyTls whether certificates are verified
 * @param ipVersion {@code 4} (aiperf's default), {@code 6} or {@code auto}
 * @param proxies the proxies to use
 * @param caFile {@code SSL_CERT_FILE}, if readable
 * @param caFolders the readable folders of {@code SSL_CERT_DIR}
 * @param warnings warnings about these settings for the user, one line each
 */
record TargetNetwork(
    boolean verifyTls,
    String ipVersion,
    TargetProxies proxies,
    Optional<Path> caFile,
    List<Path> caFolders,
    List<String> warnings) {

  private static final Set<String> TRUE = Set.of("true", "1", "yes", "on", "t", "y");
  private static final Set<String> FALSE = Set.of("false", "0", "no", "off", "f", "n");

  TargetNetwork {
    caFolders = List.copyOf(caFolders);
    warnings = List.copyOf(warnings);
  }

  /** Reads the settings from aiperf's environment. */
  static TargetNetwork of(Map<String, String> environment) {
    List<String> warnings = new ArrayList<>();
    boolean verify = flag(environment, "AIPERF_HTTP_SSL_VERIFY", true, warnings);
    if (!verify) {
      warnings.add("AIPERF_HTTP_SSL_VERIFY=false: the target's certificate is not verified");
    }
    boolean trustEnvironment = flag(environment, "AIPERF_HTTP_TRUST_ENV", false, warnings);
    TargetProxies proxies =
        trustEnvironment ? TargetProxies.of(environment, warnings) : TargetProxies.NONE;
    return new TargetNetwork(
        verify,
        ipVersion(environment, warnings),
        proxies,
        readable("SSL_CERT_FILE", environment, warnings).stream().findFirst(),
        readable("SSL_CERT_DIR", environment, warnings),
        warnings);
  }

  /**
   * The addresses of a host that aiperf can use.
   *
   * @throws UnknownHostException if there are none; {@link NoUsableAddressException} if the host
   *     has addresses, but only of another IP version
   */
  InetAddress[] addresses(String host) throws UnknownHostException {
    InetAddress[] all = InetAddress.getAllByName(host);
    InetAddress[] usable =
        Arrays.stream(all).filter(this::isUsable).toArray(length -> new InetAddress[length]);
    if (usable.length == 0) {
      throw new NoUsableAddressException(ipVersion);
    }
    return usable;
  }

  private boolean isUsable(InetAddress address) {
    return ipVersion.equals("auto") || ipVersion.equals("4") == (address.getAddress().length == 4);
  }

  private static String ipVersion(Map<String, String> environment, List<String> warnings) {
    String value = value(environment, "AIPERF_HTTP_IP_VERSION").orElse("4");
    if (Set.of("4", "6", "auto").contains(value)) {
      return value;
    }
    warnings.add("AIPERF_HTTP_IP_VERSION is not 4, 6 or auto: aiperf will not start");
    return "4";
  }

  private static boolean flag(
      Map<String, String> environment, String name, boolean defaultValue, List<String> warnings) {
    String value =
        value(environment, name).orElse(String.valueOf(defaultValue)).toLowerCase(Locale.ROOT);
    if (!TRUE.contains(value) && !FALSE.contains(value)) {
      warnings.add(name + " is neither true nor false: aiperf will not start");
      return defaultValue;
    }
    return TRUE.contains(value);
  }

  /** aiperf ignores the case of its own variables. */
  private static Optional<String> value(Map<String, String> environment, String name) {
    return environment.entrySet().stream()
        .filter(entry -> entry.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static List<Path> readable(
      String name, Map<String, String> environment, List<String> warnings) {
    List<Path> found = new ArrayList<>();
    String value = environment.getOrDefault(name, "");
    String[] parts = name.endsWith("_DIR") ? value.split(":") : new String[] {value};
    for (String part : parts) {
      if (part.isEmpty()) {
        continue;
      }
      Path path = Path.of(part);
      if (Files.isReadable(path)) {
        found.add(path);
      } else {
        warnings.add(name + ": cannot read " + path);
      }
    }
    return found;
  }

  /** The host has addresses, but none of the IP version that aiperf uses. */
  static final class NoUsableAddressException extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    NoUsableAddressException(String ipVersion) {
      super(
          "no IPv%s address, and aiperf uses IPv%s only (set AIPERF_HTTP_IP_VERSION=auto for both)"
              .formatted(ipVersion, ipVersion));
    }
  }
}
