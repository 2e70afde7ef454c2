package dev.caravan.observe.http;

import dev.caravan.config.settings.Version;
import java.util.HashMap;
import java.util.Map;

/** Renders pages and fragments with the values that all templates need. */
final class Pages {

  private final WebContext context;

  Pages(WebContext context) {
    this.context = context;
  }

  /** A whole page; {@code section} is the navigation entry to highlight. */
  HttpResponse page(String template, String section, String title, Map<String, Object> values) {
    Map<String, Object> all = new HashMap<>(values);
    all.put("home", context.home().root().toString());
    all.put("section", section);
    all.put("title", title);
    all.putIfAbsent("plots", false);
    return fragment(template, all);
  }

  /** A part of a page, without navigation. */
  HttpResponse fragment(String template, Map<String, Object> values) {
    Map<String, Object> all = new HashMap<>(values);
    all.put("version", Version.CARAVAN);
    return HttpResponse.html(200, Templates.render(template, all));
  }
}
