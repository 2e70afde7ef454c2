package dev.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.app.camel.CamelApp;
import dev.caravan.app.camel.RouteSet;
import dev.caravan.cli.RouteOverview;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.testing.CapturedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code caravan routes} tells, and a start that fails for a reason that it finds. */
class RoutesTest {

  private static final String CAMEL = new DefaultCamelContext().getVersion();
  private static final String ROUTE =
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

  @TempDir private Path temp;
  private Path home;
  private final Map<String, String> environment = new HashMap<>(System.getenv());

  @BeforeEach
  void makeHome() throws IOException {
    home = temp.toRealPath();
    Files.createDirectories(home.resolve("routes"));
  }

  @ParameterizedTest
  @CsvSource({"none,both", "tcp://127.0.0.1:1,hub", "tcp://127.0.0.1:1,worker", "embedded,both"})
  void findsNothingWrongWithTheShippedRoutes(String broker, String role) throws IOException {
    // given
    environment.put("CARAVAN_BROKER", broker);
    environment.put("CARAVAN_ROLE", role);
    environment.put("CARAVAN_EVENTS_WEBHOOK", "http://127.0.0.1:1/");
    environment.put("CARAVAN_EVENTS_TO", "file:events");
    // when
    RouteOverview overview = overview();
    // then
    assertThat(overview.faults()).isEmpty();
    assertThat(overview.routes())
        .doesNotHaveDuplicates()
        .allSatisfy(route -> assertThat(route.origin()).isEqualTo("ours"))
        .extracting(RouteOverview.ListedRoute::id)
        .contains(role.equals("hub") ? "hub-assign" : "runs-execute");
  }

  @Test
  void inspectsALinkedFileAndGoesOnAfterOneThatItCannotInspect() throws IOException {
    // given
    Path elsewhere = Files.writeString(temp.resolve("elsewhere.yaml"), ROUTE);
    Files.createSymbolicLink(home.resolve("routes/linked.camel.yaml"), elsewhere);
    write("odd", "- beans: [x]\n");
    write("endless", "- route: {id: endless, from: {uri: timer:x, steps: &a [*a]}}\n");
    Files.createSymbolicLink(home.resolve("routes/gone.camel.yaml"), home.resolve("nowhere"));
    // when
    RouteOverview overview = overview();
    // then
    assertThat(overview.routes())
        .contains(new RouteOverview.ListedRoute("mine", "routes/linked.camel.yaml", "yours"));
    assertThat(overview.faults())
        .hasSize(2)
        .anyMatch(fault -> fault.startsWith("routes/endless.camel.yaml: cannot be inspected: "))
        .anyMatch(fault -> fault.startsWith("routes/gone.camel.yaml: cannot be inspected: "));
  }

  @Test
  void tellsWhichRoutesAreTheHomesOwn() throws IOException {
    // given
    write("mine", ROUTE);
    write("alerts", "- route: {id: alerts-mine, from: {uri: timer:x, steps: []}}\n");
    // then
    assertThat(overview().faults()).isEmpty();
    assertThat(overview().routes())
        .contains(
            new RouteOverview.ListedRoute("inbox-watch", "inbox.camel.yaml", "ours"),
            new RouteOverview.ListedRoute(
                "alerts-mine", "routes/alerts.camel.yaml", "yours, in place of ours"),
            new RouteOverview.ListedRoute("mine", "routes/mine.camel.yaml", "yours"))
        .extracting(RouteOverview.ListedRoute::id)
        .doesNotContain("alerts-check");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "uri: file            | uri: sftp             | no component 'sftp': put camel-ftp %s and what it needs into %s/lib, see docs/integrations.md",
        "\"log:{{some.name:default}}\" | kafka:x?saslJaasConfig=secret | no component 'kafka': put camel-kafka %s and what it needs into %s/lib, see docs/integrations.md",
        "simple:              | jsonpath:             | no language 'jsonpath': put camel-jsonpath %s and what it needs into %s/lib, see docs/integrations.md",
        "{json: {unmarshalType: dev.caravan.model.RunOrder}} | {csv: {}} | no data format 'csv': put camel-csv %s and what it needs into %s/lib, see docs/integrations.md",
        "uri: file            | uri: dispatch         | no component 'dispatch', and Camel %s has none",
        "ref: dispatch        | ref: dispatcher       | there is no bean dispatcher (see docs/routes.md)",
        "\"release()\"        | \"free()\"            | there is no method free of the bean dispatch (see docs/routes.md)",
        "'#settledFiles'      | '#none'               | there is no bean none (see docs/routes.md)",
        "dev.caravan.model.RunOrder | dev.caravan.model.Order | there is no class dev.caravan.model.Order (see docs/routes.md)",
        "direct:dispatch-release | direct:dispatch-go | no route consumes direct:dispatch-go",
        "some.name:default    | some.name             | nobody has set the property some.name",
      })
  void findsEachFault(String part, String changed, String fault) throws IOException {
    // given
    String text = ROUTE.replace("\"#settledFiles\"", "'#settledFiles'");
    assertThat(text).contains(part);
    write("mine", text.replace(part, changed));
    // then
    assertThat(overview().faults())
        .containsExactly("routes/mine.camel.yaml: route mine: " + fault.formatted(CAMEL, home));
  }

  @Test
  void findsWhatTwoRoutesCannotShare() throws IOException {
    // given
    write("mine", "- route: {id: inbox-watch, from: {uri: timer:x, steps: []}}\n");
    write("other", "- route: {id: other, from: {uri: 'direct:dispatch-release?a=b', steps: []}}\n");
    write("same", "- route: {id: other, from: {uri: timer:x, steps: []}}\n");
    // then
    assertThat(overview().faults())
        .containsExactly(
            "routes/mine.camel.yaml: route inbox-watch: inbox.camel.yaml has a route of this id",
            "routes/other.camel.yaml: route other: dispatch.camel.yaml consumes"
                + " direct:dispatch-release, too",
            "routes/same.camel.yaml: route other: routes/other.camel.yaml has a route of this id");
  }

  @Test
  void namesWhatIsNotLoaded() throws IOException {
    // given
    for (String name : List.of("a.yaml", "b.camel.YML", "c.xml", "d.md", ".e.yaml", "f.yaml~")) {
      Files.writeString(home.resolve("routes").resolve(name), ROUTE);
    }
    Files.createDirectories(home.resolve("routes/pipeline"));
    Files.createDirectories(home.resolve("routes/.git"));

    // when, then
    assertThat(overview().faults())
        .containsExactly(
            "routes/a.yaml: is not loaded; the names of route files end in .camel.yaml",
            "routes/b.camel.YML: is not loaded; the names of route files end in .camel.yaml",
            "routes/c.xml: is not loaded; the names of route files end in .camel.yaml",
            "routes/pipeline: is a folder; route files are loaded from routes/ only");
  }

  @Test
  void aStartNamesWhatIsNotLoaded() throws Exception {
    // given
    Files.writeString(home.resolve("routes/results.yaml"), ROUTE);
    RouteSet routes = new RouteSet(List.of("errors"), Map.of()).withAddedRoutes();

    // when
    try (CapturedLog log = CapturedLog.of("dev.caravan");
        CamelApp camel = new CamelApp(settings(), "test", routes)) {
      camel.start();

      // then
      assertThat(log.lines())
          .containsOnlyOnce(
              "routes/results.yaml: is not loaded; the names of route files end in .camel.yaml");
    }
  }

  @Test
  void findsNoFaultInRoutesThatAreNotStartedTogether() throws IOException {
    // given
    write("a", "- route: {id: a, autoStartup: false, from: {uri: 'direct:x', steps: []}}\n");
    write("b", "- route: {id: b, from: {uri: 'direct:x', steps: []}}\n");
    write("c", "- route: {id: c, precondition: 'false', from: {uri: 'direct:x', steps: []}}\n");
    write("d", "- route: {id: c, precondition: 'true', from: {uri: timer:x, steps: []}}\n");
    // then
    assertThat(overview().faults()).isEmpty();
  }

  @Test
  void namesRoutesWithoutAnId() throws IOException {
    // given
    write(
        "mine",
        "- route: {from: {uri: timer:x, steps: []}}\n- from: {uri: 'direct:nobody', steps: []}\n");
    // then
    assertThat(overview().faults()).isEmpty();
    assertThat(overview().routes())
        .filteredOn(route -> route.file().equals("routes/mine.camel.yaml"))
        .extracting(RouteOverview.ListedRoute::id)
        .containsOnly("without id");
  }

  @Test
  void findsEveryFaultOfEveryFile() throws IOException {
    // given
    write("a", "- route: [\n");
    write("b", "text");
    write("c", ROUTE.replace("uri: file", "uri: sftp").replace("release()", "free()"));
    write("dispatch", "- route: {id: dispatch-mine, from: {uri: timer:x, steps: []}}\n");
    // then
    assertThat(overview().faults())
        .hasSizeGreaterThan(5)
        .anyMatch(fault -> fault.startsWith("routes/a.camel.yaml: is no YAML: "))
        .contains("routes/b.camel.yaml: is no list of routes")
        .contains(
            "inbox.camel.yaml: route inbox-accept: no route consumes direct:dispatch-release");
  }

  @Test
  void knowsTheBeansThatAFileDefines() throws IOException {
    // given
    write(
        "mine",
        beans("dispatcher", "com.example.Some")
            + ROUTE.replace("ref: dispatch", "ref: dispatcher"));
    // then
    assertThat(overview().faults()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"wire", "wire-component"})
  void takesABeanThatIsAComponentForOneAsCamelDoes(String bean) throws IOException {
    // given
    String wire = "- route: {id: mine, from: {uri: 'timer:x', steps: [{to: 'wire:y'}]}}\n";
    write("mine", beans(bean, "'#class:org.apache.camel.component.log.LogComponent'") + wire);
    RouteSet routes = new RouteSet(List.of(), Map.of()).withAddedRoutes();
    // then
    assertThat(overview().faults()).isEmpty();
    try (CamelApp camel = new CamelApp(settings(), "test", routes)) {
      assertThat(camel.start().getRoute("mine")).isNotNull();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "dev.caravan.app.camel.TargetComponent, '[routes/mine.camel.yaml: route mine: no component"
        + " ''wire'', and Camel %s has none]'",
    "com.example.Some, []",
    "'dev.caravan.app.camel.TargetComponent, factoryMethod: of', []"
  })
  void takesNoOtherBeanForAComponentUnlessItsClassIsUnknown(String type, String faults)
      throws IOException {
    // given
    String route = "- route: {id: mine, from: {uri: 'wire:x', steps: []}}\n";
    write("mine", beans("wire", type) + route);
    // then
    assertThat(overview().faults()).asString().isEqualTo(faults.formatted(CAMEL));
  }

  private static String beans(String name, String type) {
    return "- beans: [{name: %s, type: %s}]\n".formatted(name, type);
  }

  @Test
  void aStartNamesWhatIsMissing() throws IOException {
    // given
    write("mine", "- route: {id: mine, from: {uri: 'sftp:h?password=secret', steps: []}}\n");
    RouteSet routes = new RouteSet(List.of(), Map.of()).withAddedRoutes();
    // then
    try (CamelApp camel = new CamelApp(settings(), "test", routes)) {
      assertThatThrownBy(camel::start)
          .isInstanceOf(SettingsRefusedException.class)
          .hasMessage(
              "routes/mine.camel.yaml: route mine: no component 'sftp': put camel-ftp "
                  + CAMEL
                  + " and what it needs into "
                  + home
                  + "/lib, see docs/integrations.md");
    }
  }

  @Test
  void aStartFailsForItsOwnReasonWhereAFileCannotBeInspected() throws IOException {
    // given
    write("endless", "- route: {id: endless, from: {uri: timer:x, steps: &a [*a]}}\n");
    write("odd", "- route: {id: odd, from: {uri: 'timer:x?period=abc', steps: []}}\n");
    RouteSet routes = new RouteSet(List.of(), Map.of()).withAddedRoutes();
    // then
    try (CapturedLog log = CapturedLog.of("dev.caravan");
        CamelApp camel = new CamelApp(settings(), "test", routes)) {
      assertThatThrownBy(camel::start).isNotInstanceOf(SettingsRefusedException.class);
      assertThat(log.lines()).anyMatch(line -> line.contains("cannot be inspected: "));
    }
  }

  @Test
  void whatARouteLogsIsPartOfTheLog() throws IOException {
    // given
    write(
        "mine",
        """
        - route:
            id: mine
            from:
              uri: timer:once
              parameters: {repeatCount: 1, delay: 1}
              steps:
                - log: "told by ${routeId}"
        """);
    RouteSet routes = new RouteSet(List.of(), Map.of()).withAddedRoutes();
    // when
    try (CapturedLog log = CapturedLog.of("dev.caravan.routes");
        CamelApp camel = new CamelApp(settings(), "test", routes)) {
      camel.start();
      // then
      await().until(() -> log.lines().contains("told by mine"));
    }
  }

  @ParameterizedTest
  @CsvSource({"architecture,1", "integrations,2", "routes,1"})
  void theRoutesInTheDocsAreFineOnceTheirComponentsAndPropertiesAreThere(String page, int routes)
      throws IOException {
    // given
    List<String> examples =
        Pattern.compile("(?s)```yaml\n(# routes/.*?)```")
            .matcher(Files.readString(Path.of("docs/" + page + ".md")))
            .results()
            .map(match -> match.group(1))
            .toList();
    for (String example : examples) {
      write("example-" + examples.indexOf(example), example);
    }
    // then
    assertThat(overview().routes().stream().filter(route -> route.origin().equals("yours")))
        .hasSize(routes);
    assertThat(overview().faults())
        .allSatisfy(
            fault -> assertThat(fault).containsAnyOf(": no component '", ": nobody has set the"));
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(home.resolve("routes/" + name + ".camel.yaml"), text);
  }

  private RouteOverview overview() throws IOException {
    return new CamelEngine().routes(settings());
  }

  private Settings settings() {
    return Settings.of(home, environment, new Properties());
  }
}
