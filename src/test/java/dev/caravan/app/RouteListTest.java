package dev.caravan.app;

import static dev.caravan.app.RouteHome.ROUTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.cli.RouteOverview;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which routes {@code caravan routes} lists, and whose they are. */
class RouteListTest {

  private RouteHome home;

  @BeforeEach
  void makeHome(@TempDir Path folder) throws IOException {
    home = new RouteHome(folder);
  }

  @ParameterizedTest
  @CsvSource({"none,both", "tcp://127.0.0.1:1,hub", "tcp://127.0.0.1:1,worker", "embedded,both"})
  void findsNothingWrongWithTheShippedRoutes(String broker, String role) throws IOException {
    // given
    home.set("CARAVAN_BROKER", broker);
    home.set("CARAVAN_ROLE", role);
    home.set("CARAVAN_EVENTS_WEBHOOK", "http://127.0.0.1:1/");
    home.set("CARAVAN_EVENTS_TO", "file:events");
    // when
    RouteOverview overview = home.overview();
    // then
    assertThat(overview.faults()).isEmpty();
    assertThat(overview.routes())
        .doesNotHaveDuplicates()
        .allSatisfy(route -> assertThat(route.origin()).isEqualTo("ours"))
        .extracting(RouteOverview.ListedRoute::id)
        .contains(role.equals("hub") ? "hub-assign" : "runs-execute");
  }

  @Test
  void tellsWhichRoutesAreTheHomesOwn() throws IOException {
    // given
    home.write("mine", ROUTE);
    home.write("alerts", "- route: {id: alerts-mine, from: {uri: timer:x, steps: []}}\n");
    // then
    assertThat(home.overview().faults()).isEmpty();
    assertThat(home.overview().routes())
        .contains(
            new RouteOverview.ListedRoute("inbox-watch", "inbox.camel.yaml", "ours"),
            new RouteOverview.ListedRoute(
                "alerts-mine", "routes/alerts.camel.yaml", "yours, in place of ours"),
            new RouteOverview.ListedRoute("mine", "routes/mine.camel.yaml", "yours"))
        .extracting(RouteOverview.ListedRoute::id)
        .doesNotContain("alerts-check");
  }

  @Test
  void namesRoutesWithoutAnId() throws IOException {
    // given
    home.write(
        "mine",
        "- route: {from: {uri: timer:x, steps: []}}\n- from: {uri: 'direct:nobody', steps: []}\n");
    // then
    assertThat(home.overview().faults()).isEmpty();
    assertThat(home.overview().routes())
        .filteredOn(route -> route.file().equals("routes/mine.camel.yaml"))
        .extracting(RouteOverview.ListedRoute::id)
        .containsOnly("without id");
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
      home.write("example-" + examples.indexOf(example), example);
    }
    // then
    assertThat(home.overview().routes().stream().filter(route -> route.origin().equals("yours")))
        .hasSize(routes);
    assertThat(home.overview().faults())
        .allSatisfy(
            fault -> assertThat(fault).containsAnyOf(": no component '", ": nobody has set the"));
  }
}
