package dev.caravan.observe.http;

import dev.caravan.fleet.hub.FleetView;

/** Puts the daemon's site together. */
public final class Sites {

  private Sites() {}

  /** The site of this daemon, which knows these workers. */
  public static Site of(Workplace place, Admission admission, FleetView fleet) {
    Catalogue catalogue = new Catalogue(place);
    DeadLetterFiles letters = new DeadLetterFiles(place.home());
    Router router = new Router();
    ConfigApi configs = new ConfigApi(place);
    BatchApi batches = new BatchApi(place, catalogue);
    OrderApi orders = new OrderApi(place, catalogue);
    HomeApi home = new HomeApi(place, catalogue, letters, fleet);
    LiveRuns live = new LiveRuns(place);
    Night night =
        new Night(place, catalogue, batches, new Outages(place), Starts.note(place.home()));
    configs.routes(router);
    batches.routes(router);
    orders.routes(router);
    home.routes(router);
    new NameApi(place, catalogue).routes(router);
    new ReportApi(place, catalogue).routes(router);
    new OverviewPage(place, catalogue, home, night, live, letters).routes(router);
    new BatchPage(place, catalogue, live).routes(router);
    new RunPage(place, catalogue, live).routes(router);
    new ActionPages(place, configs, orders, letters, admission.session()).routes(router);
    new Meters(place, catalogue, new FleetMeters(fleet, place.status())).routes(router);
    router.on("GET", "/events", (ask, path) -> Reply.pageStream());
    new Assets().routes(router);
    return new Site(admission.door(), router, place.news(), () -> busy(place));
  }

  private static boolean busy(Workplace place) {
    return !place.status().get().underway().isEmpty();
  }
}
