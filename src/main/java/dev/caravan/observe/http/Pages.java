package dev.caravan.observe.http;

import dev.caravan.config.settings.Version;
import java.util.ArrayList;
import java.util.List;

/** Renders pages and fragments from records. */
final class Pages {

  private final WebContext context;

  /**
   * What is around the content of a page.
   *
   * @param version version of Caravan
   * @param assets version of the scripts and stylesheets
   * @param home folder of the home; empty if it is not shown
   * @param section the navigation entry to highlight
   * @param title the title in the browser
   * @param plots whether the page draws plots
   * @param zone the time zone of all times on the page
   */
  record Frame(
      String version,
      String assets,
      String home,
      String section,
      String title,
      boolean plots,
      String zone) {

    Frame(String home, String section, String title, boolean plots) {
      this(Version.CARAVAN, Assets.version(), home, section, title, plots, DisplayTime.zone());
    }
  }

  Pages(WebContext context) {
    this.context = context;
  }

  /** A whole page. */
  HttpResponse page(String template, String section, String title, Record... models) {
    return page(template, new Frame(home(), section, title, false), List.of(models));
  }

  /** A whole page that draws plots. */
  HttpResponse pageWithPlots(String template, String section, String title, Record... models) {
    return page(template, new Frame(home(), section, title, true), List.of(models));
  }

  private HttpResponse page(String template, Frame frame, List<Record> models) {
    List<Record> all = new ArrayList<>(models);
    all.add(frame);
    return HttpResponse.html(200, Templates.render(template, all));
  }

  private String home() {
    return context.home().root().toString();
  }

  /** A part of a page, without navigation. */
  HttpResponse fragment(String template, Record... models) {
    return HttpResponse.html(200, Templates.render(template, List.of(models)));
  }
}
