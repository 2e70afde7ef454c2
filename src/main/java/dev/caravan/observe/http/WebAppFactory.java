package dev.caravan.observe.http;

import dev.caravan.fleet.hub.FleetView;

/** Puts the daemon's site together. */
public final class WebAppFactory {

  private WebAppFactory() {}

  /** The site of this daemon, which knows these workers. */
  public static WebApp of(WebContext place, HttpSecurity httpSecurity, FleetView fleet) {
    BatchCatalog batchCatalog = new BatchCatalog(place);
    DeadLetterFiles letters = new DeadLetterFiles(place.home());
    Router router = new Router();
    ConfigApi configs = new ConfigApi(place);
    BatchApi batches = new BatchApi(place, batchCatalog);
    ControlApi orders = new ControlApi(place, batchCatalog);
    HomeApi home = new HomeApi(place, batchCatalog, letters, fleet);
    LiveRuns live = new LiveRuns(place);
    ActivityTimeline activityTimeline =
        new ActivityTimeline(
            place, batchCatalog, batches, new Outages(place), StartHistory.note(place.home()));
    configs.routes(router);
    batches.routes(router);
    orders.routes(router);
    home.routes(router);
    new NameLookupApi(place, batchCatalog).routes(router);
    new ReportApi(place, batchCatalog).routes(router);
    new OverviewPage(place, batchCatalog, home, activityTimeline, live, letters).routes(router);
    new BatchPage(place, batchCatalog, live).routes(router);
    new RunPage(place, batchCatalog, live).routes(router);
    new ActionPages(place, configs, orders, letters, httpSecurity.session()).routes(router);
    new Meters(place, batchCatalog, new FleetMeters(fleet, place.status())).routes(router);
    router.on("GET", "/events", (ask, path) -> HttpResponse.pageStream());
    new Assets().routes(router);
    return new WebApp(httpSecurity.door(), router, place.news(), () -> busy(place));
  }

  private static boolean busy(WebContext place) {
    return !place.status().get().underway().isEmpty();
  }
}
