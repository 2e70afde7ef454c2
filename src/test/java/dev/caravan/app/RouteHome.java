package dev.caravan.app;

import dev.caravan.app.camel.CamelApp;
import dev.caravan.app.camel.RouteSet;
import dev.caravan.cli.RouteOverview;
import dev.caravan.config.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.impl.DefaultCamelContext;

/** A home with routes of its own. */
final class RouteHome {

  /** The version of Camel. */
  static final String CAMEL = new DefaultCamelContext().getVersion();

  /** A route without a fault. */
  static final String ROUTE =
      """
      - route:
          id: mine
          from:
            uri: file
            parameters:
              directoryName: in
              filter: "#settledFiles"
            steps:
              - bean: {ref: dispatch, method: "release()"}
              - setBody: {simple: "${body}"}
              - unmarshal: {json: {unmarshalType: dev.caravan.model.RunOrder}}
              - to: "{{caravan.queue.runs}}"
              - to: direct:dispatch-release
              - to: "log:{{some.name:default}}"
      """;

  private final Path root;
  private final Map<String, String> environment = new HashMap<>(System.getenv());

  RouteHome(Path folder) throws IOException {
    root = folder.toRealPath();
    Files.createDirectories(routes());
  }

  Path root() {
    return root;
  }

  /** The folder of its routes. */
  Path routes() {
    return root.resolve("routes");
  }

  void write(String name, String text) throws IOException {
    Files.writeString(routes().resolve(name + ".camel.yaml"), text);
  }

  void set(String variable, String value) {
    environment.put(variable, value);
  }

  /** What {@code caravan routes} tells. */
  RouteOverview overview() throws IOException {
    return new CamelEngine().routes(settings());
  }

  /** Its routes alone, not started. */
  CamelApp app() throws IOException {
    return app(new RouteSet(List.of(), Map.of()));
  }

  /** These routes of ours and its own, not started. */
  CamelApp app(RouteSet ours) throws IOException {
    return new CamelApp(settings(), "test", ours.withAddedRoutes());
  }

  private Settings settings() {
    return Settings.of(root, environment, new Properties());
  }
}
