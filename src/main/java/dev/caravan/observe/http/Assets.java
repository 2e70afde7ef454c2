package dev.caravan.observe.http;

import dev.caravan.observe.report.ReportPage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Serves scripts and stylesheets from the jar; each is loaded on first use. */
final class Assets {

  private static final String WEBJARS = "/META-INF/resources/webjars/";
  private static final String OWN_FILES = "/dev/caravan/observe/http/";
  private static final Map<String, Supplier<String>> SOURCES =
      Map.of(
          "api.js", () -> text(OWN_FILES + "api.js"),
          "caravan.css", () -> text(OWN_FILES + "caravan.css"),
          "caravan.js", () -> text(OWN_FILES + "caravan.js"),
          "compare.js", () -> text(OWN_FILES + "compare.js"),
          "report.css", ReportPage::style,
          "report.js", ReportPage::script,
          "htmx.js", () -> text(WEBJARS + "htmx.org/2.0.4/dist/htmx.min.js"),
          "sse.js", () -> text(WEBJARS + "htmx-ext-sse/2.2.2/sse.js"));

  private final Map<String, byte[]> loaded = new ConcurrentHashMap<>();

  void routes(Routes routes) {
    routes.on("GET", "/static/:version/:file", (request, path) -> file(path.get("file")));
  }

  private HttpResponse file(String name) throws HttpProblemException {
    Supplier<String> source = SOURCES.get(name);
    if (source == null) {
      throw new HttpProblemException(404, "file not found");
    }
    byte[] content =
        loaded.computeIfAbsent(name, n -> source.get().getBytes(StandardCharsets.UTF_8));
    String type = name.endsWith(".css") ? "text/css" : "text/javascript";
    return HttpResponse.of(200, type + "; charset=utf-8", content)
        .with("Cache-Control", "max-age=31536000, immutable");
  }

  private static String text(String resource) {
    try (InputStream in = Assets.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
