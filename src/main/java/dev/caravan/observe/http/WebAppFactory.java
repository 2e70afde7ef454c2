package dev.caravan.observe.http;

import dev.caravan.fleet.hub.FleetView;

/** Builds the daemon's {@link WebApp}. */
public final class WebAppFactory {

  private WebAppFactory() {}

  /** The web application of a daemon; {@code fleet} lists its workers on a hub. */
  public static WebApp of(WebContext context, HttpSecurity httpSecurity, FleetView fleet) {
    BatchCatalog batchCatalog = new BatchCatalog(context);
    DeadLetterFiles deadLetters = new DeadLetterFiles(context.home());
    Router router = new Router();
    ConfigApi configs = new ConfigApi(context);
    BatchApi batches = new BatchApi(context, batchCatalog);
    ControlApi control = new ControlApi(context, batchCatalog);
    HomeApi home = new HomeApi(context, batchCatalog, deadLetters, fleet);
    LiveRuns live = new LiveRuns(context);
    ActivityTimeline activityTimeline =
        new ActivityTimeline(
            context,
            batchCatalog,
            batches,
            new Outages(context),
            StartHistory.recordStart(context.home()));
    configs.routes(router);
    batches.routes(router);
    control.routes(router);
    home.routes(router);
    new NameLookupApi(context, batchCatalog).routes(router);
    new ReportApi(context, batchCatalog).routes(router);
    new OverviewPage(context, batchCatalog, home, activityTimeline, live, deadLetters)
        .routes(router);
    new BatchPage(context, batchCatalog, live).routes(router);
    new RunPage(context, batchCatalog, live).routes(router);
    new ActionPages(context, configs, control, deadLetters, httpSecurity.session()).routes(router);
    new Meters(context, batchCatalog, new FleetMeters(fleet, context.status())).routes(router);
    router.on("GET", "/events", (request, path) -> HttpResponse.pageEvents());
    new Assets().routes(router);
    return new WebApp(
        httpSecurity.accessFilter(), router, context.pageUpdates(), () -> busy(context));
  }

  private static boolean busy(WebContext context) {
    return !context.status().get().underway().isEmpty();
  }
}
