package dev.caravan.observe.http;

import dev.caravan.observe.report.ReportPage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;

/** Serves scripts and stylesheets from the jar. */
final class Assets {

  private static final String WEBJARS = "/META-INF/resources/webjars/";
  private static final int VERSION_DIGITS = 12;
  private static final String OWN_FILES = "/dev/caravan/observe/http/";
  private static final Map<String, Supplier<String>> SOURCES =
      Map.of(
          "api.js", () -> text(OWN_FILES + "api.js"),
          "caravan.css", () -> text(OWN_FILES + "caravan.css"),
          "caravan.js", () -> text(OWN_FILES + "caravan.js"),
          "events.js", () -> text(OWN_FILES + "events.js"),
          "compare.js", () -> text(OWN_FILES + "compare.js"),
          "report.css", ReportPage::style,
          "report.js", ReportPage::script,
          "htmx.js", () -> text(WEBJARS + "htmx.org/2.0.10/dist/htmx.min.js"),
          "live.js", () -> text(OWN_FILES + "live.js"));

  /** The content of all files; read with the first page. */
  private static final class Content {
    static final Map<String, byte[]> FILES = new TreeMap<>();
    static final String VERSION;

    static {
      MessageDigest digest = DigestUtils.getSha256Digest();
      SOURCES.forEach(
          (name, source) -> FILES.put(name, source.get().getBytes(StandardCharsets.UTF_8)));
      FILES.values().forEach(digest::update);
      VERSION = Hex.encodeHexString(digest.digest()).substring(0, VERSION_DIGITS);
    }
  }

  /**
   * A part of the URL that changes with any of the files, also between two builds of one version of
   * Caravan: browsers keep what they have from a URL.
   */
  static String version() {
    return Content.VERSION;
  }

  void routes(Routes routes) {
    routes.on(
        "GET",
        "/static/:version/:file",
        (request, path) -> file(path.get("file"), path.get("version").equals(version())));
  }

  private static HttpResponse file(String name, boolean isCurrent) throws HttpProblemException {
    byte[] content = Content.FILES.get(name);
    if (content == null) {
      throw new HttpProblemException(404, "file not found");
    }
    String type = name.endsWith(".css") ? "text/css" : "text/javascript";
    HttpResponse response = HttpResponse.of(200, type + "; charset=utf-8", content);
    return isCurrent
        ? response.with("Cache-Control", "max-age=31536000, immutable")
        : response; // of a page that an earlier daemon has sent
  }

  private static String text(String resource) {
    try (InputStream in = Assets.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
