package dev.caravan.observe.http;

import dev.caravan.fleet.hub.FleetView;
import dev.caravan.observe.report.BatchIndex;
import dev.caravan.observe.report.BatchReader;

/** Builds the daemon's {@link WebApp}. */
public final class WebAppFactory {

  private WebAppFactory() {}

  /** The web application of a daemon; {@code fleet} lists its workers on a hub. */
  public static WebApp of(WebContext context, HttpSecurity httpSecurity, FleetView fleet) {
    BatchCatalog batchCatalog = new BatchCatalog(context);
    DeadLetterFiles deadLetters = new DeadLetterFiles(context.home());
    Routes routes = new Routes();
    StreamLimit streams = new StreamLimit(HttpLimits.ofProcess().streams());
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
    configs.routes(routes);
    batches.routes(routes);
    control.routes(routes);
    home.routes(routes);
    new NameLookupApi(context, batchCatalog).routes(routes);
    BatchIndex index =
        new BatchIndex(BatchIndex.of(context.home()), new BatchReader(), context.files());
    new ReportApi(context, batchCatalog, index).routes(routes);
    new CompareApi(context, batchCatalog).routes(routes);
    new OverviewPage(
            context,
            batchCatalog,
            home,
            activityTimeline,
            live,
            deadLetters,
            new NameTrends(batchCatalog, index))
        .routes(routes);
    new TrendPages(context, batchCatalog).routes(routes);
    new BatchPage(context, batchCatalog, live).routes(routes);
    new RunPage(context, batchCatalog, live).routes(routes);
    new ActionPages(context, configs, control, deadLetters, httpSecurity.session()).routes(routes);
    new Meters(context, batchCatalog, new FleetMeters(fleet, context.status()), streams::open)
        .routes(routes);
    routes.on("GET", "/events", (request, path) -> HttpResponse.pageEvents());
    new HealthApi(context).routes(routes);
    new Assets().routes(routes);
    return new WebApp(
        httpSecurity.accessFilter(), routes, context.pageUpdates(), () -> busy(context), streams);
  }

  private static boolean busy(WebContext context) {
    return !context.status().get().underway().isEmpty();
  }
}
