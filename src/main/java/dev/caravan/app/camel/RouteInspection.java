package dev.caravan.app.camel;

import dev.caravan.cli.RouteOverview;
import dev.caravan.cli.RouteOverview.ListedRoute;
import dev.caravan.config.settings.Settings;
import dev.caravan.observe.events.EventReceivers;
import dev.caravan.storage.Home;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What the routes of a home are, and what is wrong with them: components that are missing, and
 * beans, methods, classes, properties and endpoints that are gone. Nothing is started for it.
 */
public final class RouteInspection {

  private final CamelNames names = CamelNames.read();
  private final KnownBeans ours = KnownBeans.ours();
  private final String lib;
  private final RouteScan scan;
  private final List<String> notLoaded;
  private boolean partial;

  private RouteInspection(Home home, RouteProperties properties, List<String> notLoaded) {
    this.notLoaded = notLoaded;
    this.lib = home.root().resolve("lib").toString();
    this.scan = new RouteScan(names, properties);
  }

  /** Reads the route files that a Camel context would load. */
  public static RouteInspection of(Settings settings, RouteSet routes) throws IOException {
    Home home = new Home(settings.home());
    Map<String, String> values = CamelApp.placeholders(settings, routes);
    RouteInspection inspection =
        new RouteInspection(home, new RouteProperties(values), RouteFiles.notLoaded(home));
    for (RouteFile file : RouteFiles.of(home, routes.files(), routes.addsRoutes())) {
      inspection.add(file);
      if (file.name().startsWith(EventReceivers.TEMPLATE + ".")) {
        inspection.addReceivers(file, settings);
      }
    }
    return inspection;
  }

  /** A file that cannot be inspected is a fault: Camel decides whether it can be loaded. */
  private void add(RouteFile file) {
    try {
      scan.add(file, file.text());
    } catch (IOException | RuntimeException | StackOverflowError e) {
      partial = true;
      scan.fault(file, "cannot be inspected: " + e);
    }
  }

  private void addReceivers(RouteFile file, Settings settings) {
    for (String name : new TreeSet<>(EventReceivers.of(settings).named().keySet())) {
      scan.instance(
          file,
          EventReceivers.TEMPLATE,
          NamedReceivers.routeId(name),
          NamedReceivers.parameters(name));
    }
  }

  /** What was read, for users. */
  public RouteOverview overview() {
    return new RouteOverview(
        scan.routes().stream()
            .map(route -> new ListedRoute(route.id(), route.file().display(), origin(route)))
            .toList(),
        Stream.concat(notLoaded.stream(), faults().stream()).toList());
  }

  private static String origin(RouteScan.FoundRoute route) {
    return route.file().origin().text();
  }

  /** Which route did not start, and why, in a line; empty if it was no route that failed. */
  Optional<String> failure(RuntimeException failure) {
    return EndpointFailures.ofStart(failure)
        .map(found -> file(found.route()) + "route " + found.route() + ": " + found.reason());
  }

  private String file(String route) {
    return scan.routes().stream()
        .filter(found -> route.equals(found.id()))
        .map(found -> found.file().display() + ": ")
        .findFirst()
        .orElse("");
  }

  /** Whether there are files that could not be inspected, so that more may be wrong. */
  boolean isPartial() {
    return partial;
  }

  /** What is wrong with the files that are loaded, a line each. */
  public List<String> faults() {
    Set<String> faults = new LinkedHashSet<>(scan.faults());
    scan.uses().forEach(use -> fault(use).ifPresent(text -> faults.add(use.where() + ": " + text)));
    return List.copyOf(faults);
  }

  private Optional<String> fault(RouteUse use) {
    return switch (use.kind()) {
      case URI -> endpoint(use.name());
      case LANGUAGE -> names.missing(CamelNames.Kind.LANGUAGE, use.name(), lib);
      case DATA_FORMAT -> names.missing(CamelNames.Kind.DATA_FORMAT, use.name(), lib);
      case BEAN -> bean(use.name(), use.detail());
      case CLASS ->
          KnownBeans.load(use.name()).isPresent() ? Optional.empty() : gone("class " + use.name());
      case PROPERTY -> Optional.of("nobody has set the property " + use.name());
    };
  }

  /** Of a URI only its scheme is shown: the rest may hold a password. */
  private Optional<String> endpoint(String uri) {
    if (uri.startsWith("direct:")) {
      String endpoint = uri.replaceFirst("\\?.*", "");
      return scan.consumed().contains(endpoint)
          ? Optional.empty()
          : Optional.of("no route consumes " + endpoint);
    }
    String scheme = uri.replaceFirst("(?s)[:?].*", "");
    return scheme.contains("$") || scheme.isBlank() || beans().mayBeComponent(scheme)
        ? Optional.empty()
        : names.missing(CamelNames.Kind.COMPONENT, scheme, lib);
  }

  /** Known when all files are read. */
  private KnownBeans beans() {
    return ours.with(scan.beans());
  }

  private Optional<String> bean(String name, String method) {
    if (scan.beans().containsKey(name)) {
      return Optional.empty();
    }
    if (!ours.has(name)) {
      return gone("bean " + name);
    }
    return method.isEmpty() || ours.hasMethod(name, method)
        ? Optional.empty()
        : gone("method " + method + " of the bean " + name);
  }

  private static Optional<String> gone(String what) {
    return Optional.of("there is no " + what + " (see docs/routes.md)");
  }
}
