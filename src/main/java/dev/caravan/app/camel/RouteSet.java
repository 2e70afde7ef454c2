package dev.caravan.app.camel;

import dev.caravan.config.settings.Setting;
import java.util.List;
import java.util.Map;

/**
 * What a Camel context runs.
 *
 * @param files names of the route files
 * @param beans the beans that routes call, by name
 * @param queues endpoints that replace the in-memory queues
 * @param addsRoutes whether the routes that a home adds are loaded, too
 */
public record RouteSet(
    List<String> files,
    Map<String, Object> beans,
    Map<Setting, String> queues,
    boolean addsRoutes) {

  public RouteSet {
    files = List.copyOf(files);
    beans = Map.copyOf(beans);
    queues = Map.copyOf(queues);
  }

  /** Only shipped routes, or the home's in their place, with in-memory queues. */
  public RouteSet(List<String> files, Map<String, Object> beans) {
    this(files, beans, Map.of(), false);
  }

  /** Also the routes that a home adds. Two contexts with them would share their messages. */
  public RouteSet withAddedRoutes() {
    return new RouteSet(files, beans, queues, true);
  }
}
