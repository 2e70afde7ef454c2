package dev.caravan.app;

import static dev.caravan.app.RouteHome.CAMEL;
import static dev.caravan.app.RouteHome.ROUTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.app.camel.CamelApp;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Beans that a home's own route files define. */
class RouteBeansTest {

  private RouteHome home;

  @BeforeEach
  void makeHome(@TempDir Path folder) throws IOException {
    home = new RouteHome(folder);
  }

  @Test
  void knowsTheBeansThatAFileDefines() throws IOException {
    // given
    home.write(
        "mine",
        beans("dispatcher", "com.example.Some")
            + ROUTE.replace("ref: dispatch", "ref: dispatcher"));
    // then
    assertThat(home.overview().faults()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"wire", "wire-component"})
  void takesABeanThatIsAComponentForOneAsCamelDoes(String bean) throws IOException {
    // given
    String wire = "- route: {id: mine, from: {uri: 'timer:x', steps: [{to: 'wire:y'}]}}\n";
    home.write("mine", beans(bean, "'#class:org.apache.camel.component.log.LogComponent'") + wire);
    // then
    assertThat(home.overview().faults()).isEmpty();
    try (CamelApp camel = home.app()) {
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
    home.write("mine", beans("wire", type) + route);
    // then
    assertThat(home.overview().faults()).asString().isEqualTo(faults.formatted(CAMEL));
  }

  private static String beans(String name, String type) {
    return "- beans: [{name: %s, type: %s}]\n".formatted(name, type);
  }
}
