package dev.caravan.tools.setup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What makes uv install as pip would. uv reads no settings of pip, and is kept from its own, so
 * that there is one place to configure a mirror.
 */
final class UvSettings {

  /** Options of pip that uv has as a variable with the same value. */
  private static final Map<String, String> SAME =
      Map.of(
          "index-url", "UV_DEFAULT_INDEX",
          "pypi-url", "UV_DEFAULT_INDEX",
          "retries", "UV_HTTP_RETRIES");

  /** Options whose values uv separates by one space. */
  private static final Map<String, String> LISTS =
      Map.of(
          "constraint", "UV_CONSTRAINT",
          "extra-index-url", "UV_INDEX",
          "trusted-host", "UV_INSECURE_HOST");

  /** Options that change neither what is installed nor where it comes from. */
  private static final Set<String> IRRELEVANT =
      Set.of(
          "break-system-packages",
          "compile",
          "config-file",
          "disable-pip-version-check",
          "exists-action",
          "format",
          "log",
          "no-color",
          "no-input",
          "no-python-version-warning",
          "no-warn-conflicts",
          "no-warn-script-location",
          "progress-bar",
          "quiet",
          "require-virtualenv",
          "resume-retries",
          "root-user-action",
          "upgrade",
          "upgrade-strategy",
          "user",
          "verbose");

  /** Variables of uv that say only where it keeps files and how many at a time. */
  private static final String KEPT = "UV_CACHE_DIR|UV_LINK_MODE|UV_CONCURRENT_.*";

  private final Map<String, String> variables = new HashMap<>();
  private final List<String> options = new ArrayList<>();
  private final Set<String> lacking = new TreeSet<>();
  private final Path folder;

  /**
   * Settings for uv.
   *
   * @param folder one that is deleted when uv is done
   */
  UvSettings(PipSettings pip, Map<String, String> environment, Path folder) {
    this.folder = folder;
    variables.putAll(environment);
    variables.keySet().removeIf(name -> name.startsWith("UV_") && !name.matches(KEPT));
    variables.put("UV_NO_CONFIG", "1");
    variables.put("UV_PYTHON_DOWNLOADS", "never");
    // As pip does on most systems; without this uv knows only the authorities it was built with.
    variables.put("UV_SYSTEM_CERTS", "1");
    Stream.of("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
        .map(name -> environment.getOrDefault(name, ""))
        .filter(value -> !value.isEmpty())
        .findFirst()
        .ifPresent(this::trust);
    pip.options().forEach(this::add);
  }

  /** The environment of uv, which may hold passwords. */
  Map<String, String> environment() {
    return Map.copyOf(variables);
  }

  /** Options for its command line. */
  List<String> options() {
    return List.copyOf(options);
  }

  /** An option that pip is configured with, and that uv does not have. */
  Optional<String> lacking() {
    return lacking.stream().findFirst();
  }

  private void add(String name, String value) {
    if (SAME.containsKey(name)) {
      variables.put(SAME.get(name), value);
    } else if (LISTS.containsKey(name)) {
      variables.put(LISTS.get(name), String.join(" ", words(value)));
      if (name.equals("extra-index-url")) {
        variables.put("UV_INDEX_STRATEGY", "unsafe-best-match"); // pip takes the best of all
      }
    } else if (!IRRELEVANT.contains(name)) {
      addOther(name, value);
    }
  }

  private void addOther(String name, String value) {
    switch (name) {
      case "find-links" -> addLinks(value);
      case "no-index" -> options.add("--no-index");
      case "only-binary", "no-binary" ->
          Stream.of(value.split(",")).forEach(each -> options.add("--" + name + "=" + each));
      case "cert" -> trust(path(value).toString());
      case "client-cert" -> variables.put("SSL_CLIENT_CERT", path(value).toString());
      case "proxy" ->
          Stream.of("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")
              .forEach(each -> variables.put(each, value));
      case "timeout", "default-timeout" -> addTimeout(name, value);
      case "cache-dir" -> variables.putIfAbsent("UV_CACHE_DIR", path(value).resolve("uv") + "");
      case "no-cache-dir" -> variables.put("UV_CACHE_DIR", folder.resolve("cache").toString());
      default -> lacking.add(name);
    }
  }

  /** Folders that do not exist are left out, as pip only warns of them. */
  private void addLinks(String value) {
    List<String> found =
        words(value).stream()
            .map(each -> each.startsWith("~") ? path(each).toString() : each)
            .filter(each -> each.contains(":") || Files.exists(Path.of(each)))
            .toList();
    if (found.stream().anyMatch(each -> each.contains(","))) {
      lacking.add("find-links");
    } else if (!found.isEmpty()) {
      variables.put("UV_FIND_LINKS", String.join(",", found));
    }
  }

  private void addTimeout(String name, String value) {
    if (value.matches("\\d{1,6}(\\.\\d*)?")) {
      variables.put("UV_HTTP_TIMEOUT", Long.toString((long) Math.ceil(Double.parseDouble(value))));
    } else {
      lacking.add(name);
    }
  }

  /** Authorities in a file, or in the files of a folder, and no others. */
  private void trust(String authorities) {
    boolean inFolder = Files.isDirectory(Path.of(authorities));
    variables.put(inFolder ? "SSL_CERT_DIR" : "SSL_CERT_FILE", authorities);
    variables.remove(inFolder ? "SSL_CERT_FILE" : "SSL_CERT_DIR");
  }

  private Path path(String value) {
    return value.startsWith("~/")
        ? Path.of(variables.getOrDefault("HOME", ""), value.substring(2))
        : Path.of(value);
  }

  private static List<String> words(String value) {
    return List.of(value.strip().split("\\s+"));
  }
}
