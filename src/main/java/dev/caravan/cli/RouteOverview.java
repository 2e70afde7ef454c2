package dev.caravan.cli;

import java.util.Collection;
import java.util.List;

/**
 * The routes of a daemon.
 *
 * @param routes the routes, in the order of their files
 * @param faults what is wrong with them, a line each
 */
public record RouteOverview(List<ListedRoute> routes, List<String> faults) {

  /**
   * A route.
   *
   * @param file the shipped file, or that in the home's {@code routes/}
   * @param origin whose it is, in words
   */
  public record ListedRoute(String id, String file, String origin) {}

  public RouteOverview {
    routes = List.copyOf(routes);
    faults = List.copyOf(faults);
  }

  /** The routes of all Camel contexts of a daemon; one that several have is listed once. */
  public static RouteOverview of(Collection<RouteOverview> contexts) {
    return new RouteOverview(
        contexts.stream().flatMap(context -> context.routes().stream()).distinct().toList(),
        contexts.stream().flatMap(context -> context.faults().stream()).distinct().toList());
  }
}
