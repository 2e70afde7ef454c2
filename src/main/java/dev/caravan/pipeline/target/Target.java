package dev.caravan.pipeline.target;

import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The service under test. Two urls with the same target load the same server, so only one run at a
 * time may use it.
 *
 * @param scheme {@code http} or {@code https}
 * @param host lower case, without brackets; localhost, 127.0.0.1 and ::1 are all {@code localhost}
 * @param port the effective port
 */
public record Target(String scheme, String host, int port) {

  private static final Pattern URL =
      Pattern.compile(
          "(?<scheme>https?)://(?:[^/?#]*@)?(?<host>\\[[^\\]/?#]+]|[^:/?#\\[\\]\\s]+)"
              + "(?::(?<port>\\d{0,5}))?(?:[/?#].*)?",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
  private static final int LONGEST_NAME = 180;

  /**
   * The target that a url leads to. User, path and query do not count.
   *
   * @throws IllegalArgumentException when it is no http or https url with a host; the message does
   *     not quote it, since it may hold a password
   */
  public static Target of(String url) {
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      throw new IllegalArgumentException("url is not http://host or https://host");
    }
    String scheme = parts.group("scheme").toLowerCase(Locale.ROOT);
    return new Target(scheme, canonical(parts.group("host")), port(scheme, parts.group("port")));
  }

  /** The canonical text, with the port always named: {@code http://localhost:8000}. */
  @Override
  public String toString() {
    return scheme + "://" + address();
  }

  /** Host and port: {@code localhost:8000}, {@code [2001:db8:0:0:0:0:0:1]:80}. */
  public String address() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  /**
   * A file name that only this target has: {@code http_localhost_8000}. Other characters than
   * letters, digits, dot, dash and underscore are percent-encoded; very long names end in a hash.
   */
  public String fileName() {
    StringBuilder name = new StringBuilder();
    for (byte b : (scheme + "_" + host + "_" + port).getBytes(StandardCharsets.UTF_8)) {
      boolean plain = b > 0 && (Character.isLetterOrDigit(b) || b == '.' || b == '-' || b == '_');
      name.append(plain ? String.valueOf((char) b) : String.format("%%%02x", b));
    }
    return name.length() <= LONGEST_NAME
        ? name.toString()
        : name.substring(0, LONGEST_NAME) + "~" + hash(name.toString());
  }

  private static String canonical(String written) {
    String host = written.toLowerCase(Locale.ROOT);
    String plain = host.startsWith("[") ? literal(host) : name(host);
    return LOOPBACK.contains(plain) ? "localhost" : plain;
  }

  /** A text with colons is an address to InetAddress and never asks a name server. */
  private static String literal(String bracketed) {
    try {
      return InetAddress.getByName(bracketed).getHostAddress();
    } catch (UnknownHostException e) {
      return bracketed.substring(1, bracketed.length() - 1);
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

  private static int port(String scheme, String written) {
    if (written == null || written.isEmpty()) {
      return scheme.equals("https") ? 443 : 80;
    }
    int port = Integer.parseInt(written);
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("url has port " + port + "; a port is 1 to 65535");
    }
    return port;
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
