package dev.caravan.config;

import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The service under test. URLs with the same target put load on the same server, so only one run at
 * a time may use a target.
 *
 * @param scheme {@code http} or {@code https}
 * @param host in lower case, without brackets; every name and address of this host itself, whatever
 *     way it is written, becomes {@code localhost}
 * @param port the effective port, also if the URL omits it
 */
public record Target(String scheme, String host, int port) {

  private static final Pattern URL =
      Pattern.compile(
          "(?<scheme>https?)://(?:[^/?#]*@)?(?<host>\\[[^\\]/?#]+]|[^:/?#\\[\\]\\s]+)"
              + "(?::(?<port>\\d{0,5}))?(?:[/?#].*)?",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final String LOCALHOST = "localhost";
  private static final Set<String> LOCAL_NAMES =
      Set.of(LOCALHOST, "localhost.localdomain", "ip6-localhost", "ip6-loopback");

  /** One to four numbers, as {@code inet_aton(3)} takes them: decimal, octal or hexadecimal. */
  private static final Pattern IPV4 =
      Pattern.compile("(?:0x[0-9a-f]{1,8}|[0-9]{1,11})(?:\\.(?:0x[0-9a-f]{1,8}|[0-9]{1,11})){0,3}");

  private static final int MAX_NAME_LENGTH = 180;

  /**
   * The target of a URL. User, path and query are ignored.
   *
   * @throws IllegalArgumentException if it is not an http or https URL with a host; the message
   *     does not quote the URL because it may contain a password
   */
  public static Target of(String url) {
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      throw new IllegalArgumentException("url must start with http://host or https://host");
    }
    String scheme = parts.group("scheme").toLowerCase(Locale.ROOT);
    return new Target(scheme, canonical(parts.group("host")), port(scheme, parts.group("port")));
  }

  // Written out, since each start of Caravan would wait until Java has generated them.
  @Override
  public boolean equals(Object other) {
    return other instanceof Target target
        && port == target.port
        && scheme.equals(target.scheme)
        && host.equals(target.host);
  }

  @Override
  public int hashCode() {
    return (scheme.hashCode() * 31 + host.hashCode()) * 31 + port;
  }

  /** The canonical form, always with the port: {@code http://localhost:8000}. */
  @Override
  public String toString() {
    return scheme + "://" + address();
  }

  /** Host and port: {@code localhost:8000}, {@code [2001:db8:0:0:0:0:0:1]:80}. */
  public String address() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  /**
   * A file name unique to this target: {@code http_localhost_8000}. Characters other than letters,
   * digits, dot, dash and underscore are percent-encoded. Very long names end in a hash.
   */
  public String fileName() {
    StringBuilder name = new StringBuilder();
    for (byte b : (scheme + "_" + host + "_" + port).getBytes(StandardCharsets.UTF_8)) {
      boolean safe = b > 0 && (Character.isLetterOrDigit(b) || b == '.' || b == '-' || b == '_');
      name.append(safe ? String.valueOf((char) b) : String.format("%%%02x", b));
    }
    return name.length() <= MAX_NAME_LENGTH
        ? name.toString()
        : name.substring(0, MAX_NAME_LENGTH) + "~" + hash(name.toString());
  }

  private static String canonical(String urlHost) {
    String host = urlHost.toLowerCase(Locale.ROOT);
    Optional<InetAddress> address =
        host.startsWith("[") ? literal(host) : ipv4(host.replaceFirst("\\.$", ""));
    if (address.isPresent()) {
      InetAddress given = address.get();
      boolean local = given.isLoopbackAddress() || given.isAnyLocalAddress();
      return local ? LOCALHOST : given.getHostAddress();
    }
    String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : name(host);
    return LOCAL_NAMES.contains(name) || name.endsWith(".localhost") ? LOCALHOST : name;
  }

  /** InetAddress parses text with colons as an address, without a DNS lookup. */
  private static Optional<InetAddress> literal(String bracketed) {
    try {
      return Optional.of(InetAddress.getByName(bracketed));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /** The address that the C library, and so aiperf, reads in numbers; empty for a name. */
  private static Optional<InetAddress> ipv4(String host) {
    if (!IPV4.matcher(host).matches()) {
      return Optional.empty();
    }
    String[] parts = host.split("\\.");
    long address = 0;
    try {
      for (int i = 0; i < parts.length; i++) {
        long part = Long.decode(parts[i]);
        long room = 1L << (i < parts.length - 1 ? Byte.SIZE : Byte.SIZE * (5 - parts.length));
        if (part >= room) {
          return Optional.empty();
        }
        address = address * room + part;
      }
      byte[] bytes = ByteBuffer.allocate(Integer.BYTES).putInt((int) address).array();
      return Optional.of(InetAddress.getByAddress(bytes));
    } catch (NumberFormatException | UnknownHostException e) {
      return Optional.empty();
    }
  }

  private static String name(String host) {
    String absolute = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    try {
      return IDN.toASCII(absolute);
    } catch (IllegalArgumentException e) {
      return absolute;
    }
  }

  private static int port(String scheme, String urlPort) {
    if (urlPort == null || urlPort.isEmpty()) {
      return scheme.equals("https") ? 443 : 80;
    }
    int port = Integer.parseInt(urlPort);
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("url has port " + port + "; it must be 1 to 65535");
    }
    return port;
  }

  private static String hash(String text) {
    return DigestUtils.sha256Hex(text).substring(0, 8);
  }
}
