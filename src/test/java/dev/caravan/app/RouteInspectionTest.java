package dev.caravan.app;

import static dev.caravan.app.RouteHome.CAMEL;
import static dev.caravan.app.RouteHome.ROUTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.cli.RouteOverview;
import dev.caravan.testing.Fifo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The faults that {@code caravan routes} finds in a home's own routes. */
class RouteInspectionTest {

  private RouteHome home;

  @BeforeEach
  void makeHome(@TempDir Path folder) throws IOException {
    home = new RouteHome(folder);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "uri: file            | uri: sftp             | no component 'sftp': put camel-ftp %s and"
            + " its dependencies into %s/lib, see docs/integrations.md",
        "\"log:{{some.name:default}}\" | kafka:x?saslJaasConfig=secret | no component 'kafka': put"
            + " camel-kafka %s and its dependencies into %s/lib, see docs/integrations.md",
        "simple:              | jsonpath:             | no language 'jsonpath': put camel-jsonpath"
            + " %s and its dependencies into %s/lib, see docs/integrations.md",
        "{json: {unmarshalType: dev.caravan.model.RunOrder}} | {csv: {}} | no data format 'csv':"
            + " put camel-csv %s and its dependencies into %s/lib, see docs/integrations.md",
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
    home.write("mine", text.replace(part, changed));
    // then
    assertThat(home.overview().faults())
        .containsExactly(
            "routes/mine.camel.yaml: route mine: " + fault.formatted(CAMEL, home.root()));
  }

  @Test
  void findsWhatTwoRoutesCannotShare() throws IOException {
    // given
    home.write("mine", "- route: {id: inbox-watch, from: {uri: timer:x, steps: []}}\n");
    home.write(
        "other", "- route: {id: other, from: {uri: 'direct:dispatch-release?a=b', steps: []}}\n");
    home.write("same", "- route: {id: other, from: {uri: timer:x, steps: []}}\n");
    // then
    assertThat(home.overview().faults())
        .containsExactly(
            "routes/mine.camel.yaml: route inbox-watch: inbox.camel.yaml has a route of this id",
            "routes/other.camel.yaml: route other: dispatch.camel.yaml consumes"
                + " direct:dispatch-release, too",
            "routes/same.camel.yaml: route other: routes/other.camel.yaml has a route of this id");
  }

  @Test
  void findsNoFaultInRoutesThatAreNotStartedTogether() throws IOException {
    // given
    home.write("a", "- route: {id: a, autoStartup: false, from: {uri: 'direct:x', steps: []}}\n");
    home.write("b", "- route: {id: b, from: {uri: 'direct:x', steps: []}}\n");
    home.write(
        "c", "- route: {id: c, precondition: 'false', from: {uri: 'direct:x', steps: []}}\n");
    home.write("d", "- route: {id: c, precondition: 'true', from: {uri: timer:x, steps: []}}\n");
    // then
    assertThat(home.overview().faults()).isEmpty();
  }

  @Test
  void findsEveryFaultOfEveryFile() throws IOException {
    // given
    home.write("a", "- route: [\n");
    home.write("b", "text");
    home.write("c", ROUTE.replace("uri: file", "uri: sftp").replace("release()", "free()"));
    home.write("dispatch", "- route: {id: dispatch-mine, from: {uri: timer:x, steps: []}}\n");
    // then
    assertThat(home.overview().faults())
        .hasSizeGreaterThan(5)
        .anyMatch(fault -> fault.startsWith("routes/a.camel.yaml: is no YAML: "))
        .contains("routes/b.camel.yaml: is not a list of routes")
        .contains(
            "inbox.camel.yaml: route inbox-accept: no route consumes direct:dispatch-release");
  }

  @Test
  void inspectsALinkedFileAndGoesOnAfterOneThatItCannotInspect() throws IOException {
    // given
    Path elsewhere = Files.writeString(home.root().resolve("elsewhere.yaml"), ROUTE);
    Files.createSymbolicLink(home.routes().resolve("linked.camel.yaml"), elsewhere);
    home.write("odd", "- beans: [x]\n");
    home.write("endless", "- route: {id: endless, from: {uri: timer:x, steps: &a [*a]}}\n");
    Files.createSymbolicLink(
        home.routes().resolve("gone.camel.yaml"), home.root().resolve("nowhere"));
    // when
    RouteOverview overview = home.overview();
    // then
    assertThat(overview.routes())
        .contains(new RouteOverview.ListedRoute("mine", "routes/linked.camel.yaml", "yours"));
    assertThat(overview.faults())
        .hasSize(2)
        .anyMatch(fault -> fault.startsWith("routes/endless.camel.yaml: cannot be inspected: "))
        .anyMatch(fault -> fault.startsWith("routes/gone.camel.yaml: cannot be inspected: "));
  }

  @Test
  void namesWhatIsNotLoaded() throws IOException {
    // given
    for (String name : List.of("a.yaml", "b.camel.YML", "c.camel.xml", ".e.yaml", "f.yaml~")) {
      Files.writeString(home.routes().resolve(name), ROUTE);
    }
    Files.writeString(home.routes().resolve("g.yml"), "- from:\n    uri: timer:x\n    steps: []\n");
    Files.createDirectories(home.routes().resolve("pipeline"));
    Files.writeString(home.routes().resolve("pipeline/mine.camel.yaml"), ROUTE);

    // when, then
    assertThat(home.overview().faults())
        .containsExactly(
            "routes/a.yaml: is not loaded; the names of route files end in .camel.yaml",
            "routes/b.camel.YML: is not loaded; the names of route files end in .camel.yaml",
            "routes/c.camel.xml: is not loaded; the names of route files end in .camel.yaml",
            "routes/g.yml: is not loaded; the names of route files end in .camel.yaml",
            "routes/pipeline: is a folder; route files are loaded from routes/ only");
  }

  @Test
  void leavesAloneWhatRoutesUse() throws Exception {
    // given
    Files.writeString(home.routes().resolve("table.yaml"), "- from: a\n  to: b\n");
    Files.writeString(home.routes().resolve("notes.md"), ROUTE);
    Files.writeString(home.routes().resolve("mine.camel.yaml.disabled"), ROUTE);
    Files.writeString(home.routes().resolve("shape.xml"), "<xsl:stylesheet/>");
    Files.writeString(home.routes().resolve("step.groovy"), "body");
    Files.write(home.routes().resolve("binary.yaml"), new byte[] {(byte) 0xff, 0, (byte) 0xfe});
    Fifo.create(home.routes().resolve("pipe.yaml"));
    Files.createSymbolicLink(home.routes().resolve("gone.yaml"), Path.of("nowhere"));
    Files.createDirectories(home.routes().resolve("schemas"));
    Files.writeString(home.routes().resolve("schemas/table.yaml"), "- a\n");

    // when, then
    assertThat(home.overview().faults()).isEmpty();
  }
}
