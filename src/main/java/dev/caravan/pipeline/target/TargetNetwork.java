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
 * How aiperf will see the network, by the environment it is going to get (aiperf 0.13.0,
 * common/environment.py; aiohttp; OpenSSL). A probe that sees it otherwise would call a target
 * ready that aiperf cannot reach.
 *
 * @param verifyTls whether certificates are checked
 * @param ipVersion {@code 4} (aiperf's default), {@code 6} or {@code auto}
 * @param proxies the proxies that apply
 * @param caFile {@code SSL_CERT_FILE}, when it exists
 * @param caFolders {@code SSL_CERT_DIR}, those that exist
 * @param warnings what a user should know about these settings, one line each
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

  /** Reads the environment that aiperf is going to get. */
  static TargetNetwork of(Map<String, String> environment) {
    List<String> warnings = new ArrayList<>();
    boolean verify = flag(environment, "AIPERF_HTTP_SSL_VERIFY", true, warnings);
    if (!verify) {
      warnings.add("AIPERF_HTTP_SSL_VERIFY=false: the target's certificate is not checked");
    }
    boolean trustEnvironment = flag(environment, "AIPERF_HTTP_TRUST_ENV", false, warnings);
    TargetProxies proxies =
        trustEnvironment ? TargetProxies.of(environment, warnings) : TargetProxies.NONE;
    return new TargetNetwork(
        verify,
        ipVersion(environment, warnings),
        proxies,
        existing("SSL_CERT_FILE", environment, warnings).stream().findFirst(),
        existing("SSL_CERT_DIR", environment, warnings),
        warnings);
  }

  /**
   * The addresses of a host that aiperf would use.
   *
   * @throws UnknownHostException when it has none; the message says so when it has only others
   */
  InetAddress[] addresses(String host) throws UnknownHostException {
    InetAddress[] all = InetAddress.getAllByName(host);
    InetAddress[] used =
        Arrays.stream(all).filter(this::isUsed).toArray(length -> new InetAddress[length]);
    if (used.length == 0) {
      throw new OtherAddressesOnly(ipVersion);
    }
    return used;
  }

  private boolean isUsed(InetAddress address) {
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
      Map<String, String> environment, String name, boolean otherwise, List<String> warnings) {
    String value =
        value(environment, name).orElse(String.valueOf(otherwise)).toLowerCase(Locale.ROOT);
    if (!TRUE.contains(value) && !FALSE.contains(value)) {
      warnings.add(name + " is neither true nor false: aiperf will not start");
      return otherwise;
    }
    return TRUE.contains(value);
  }

  /** aiperf reads its own variables whatever their case. */
  private static Optional<String> value(Map<String, String> environment, String name) {
    return environment.entrySet().stream()
        .filter(entry -> entry.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static List<Path> existing(
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
        warnings.add(name + " names " + path + ", which cannot be read");
      }
    }
    return found;
  }

  /** A host has addresses, but none of the kind that aiperf uses. */
  static final class OtherAddressesOnly extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    OtherAddressesOnly(String ipVersion) {
      super(
          "no IPv"
              + ipVersion
              + " address, and aiperf uses no other (AIPERF_HTTP_IP_VERSION=auto changes that)");
    }
  }
}
