package dev.caravan.observe.http;

import dev.caravan.config.settings.Version;
import java.util.HashMap;
import java.util.Map;

/** What all pages have in common. */
final class Pages {

  private final WebContext place;

  Pages(WebContext place) {
    this.place = place;
  }

  /** A page of this template; {@code at} is its place in the navigation. */
  HttpResponse page(String template, String at, String title, Map<String, Object> values) {
    Map<String, Object> all = new HashMap<>(values);
    all.put("home", place.home().root().toString());
    all.put("at", at);
    all.put("title", title);
    all.putIfAbsent("plots", false);
    return fragment(template, all);
  }

  /** A part of a page. */
  HttpResponse fragment(String template, Map<String, Object> values) {
    Map<String, Object> all = new HashMap<>(values);
    all.put("version", Version.CARAVAN);
    return HttpResponse.html(200, Templates.page(template, all));
  }
}
