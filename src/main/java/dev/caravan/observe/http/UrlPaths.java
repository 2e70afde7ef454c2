package dev.caravan.observe.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Percent-encodes texts for URL paths. */
final class UrlPaths {

  private UrlPaths() {}

  /** Percent-encodes each segment; slashes stay. */
  static String path(String text) {
    return Arrays.stream(text.split("/", -1))
        .map(UrlPaths::segment)
        .collect(Collectors.joining("/"));
  }

  private static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
