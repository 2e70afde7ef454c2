package dev.caravan.app;

import static dev.caravan.app.RouteHome.CAMEL;
import static dev.caravan.app.RouteHome.ROUTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.app.camel.CamelApp;
import dev.caravan.app.camel.RouteSet;
import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.testing.CapturedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a start with a home's own routes says, and what those log. */
class RouteStartTest {

  private RouteHome home;

  @BeforeEach
  void makeHome(@TempDir Path folder) throws IOException {
    home = new RouteHome(folder);
  }

  @Test
  void aStartNamesWhatIsMissing() throws IOException {
    // given
    home.write("mine", "- route: {id: mine, from: {uri: 'sftp:h?password=secret', steps: []}}\n");
    // then
    try (CamelApp camel = home.app()) {
      assertThatThrownBy(camel::start)
          .isInstanceOf(SettingsRefusedException.class)
          .hasMessage(
              "routes/mine.camel.yaml: route mine: no component 'sftp': put camel-ftp "
                  + CAMEL
                  + " and its dependencies into "
                  + home.root()
                  + "/lib, see docs/integrations.md");
    }
  }

  @Test
  void aStartNamesWhatIsNotLoaded() throws Exception {
    // given
    Files.writeString(home.routes().resolve("results.yaml"), ROUTE);

    // when
    try (CapturedLog log = CapturedLog.of("dev.caravan");
        CamelApp camel = home.app(new RouteSet(List.of("errors"), Map.of()))) {
      camel.start();

      // then
      assertThat(log.lines())
          .containsOnlyOnce(
              "routes/results.yaml: is not loaded; the names of route files end in .camel.yaml");
    }
  }

  @Test
  void aStartFailsForItsOwnReasonWhereAFileCannotBeInspected() throws IOException {
    // given
    home.write("endless", "- route: {id: endless, from: {uri: timer:x, steps: &a [*a]}}\n");
    home.write("odd", "- route: {id: odd, from: {uri: 'timer:x?period=abc', steps: []}}\n");
    // then
    try (CapturedLog log = CapturedLog.of("dev.caravan");
        CamelApp camel = home.app()) {
      assertThatThrownBy(camel::start).isNotInstanceOf(SettingsRefusedException.class);
      assertThat(log.lines()).anyMatch(line -> line.contains("cannot be inspected: "));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'file:in/secret-path?nosuch=secret-value'                 | 'file:…: Failed to resolve endpoint: '
          'https://h/secret-path?httpMethod=secret-value'           | 'https:…: option httpMethod: '
          'https://u:secret-word@h/secret-path?sslContextParameters=#no' | 'https:…: No bean could be found'
          'jms:topic:x?password=RAW(secret-value)'                  | 'jms:…: Username must also be'
          'file:secret-path?fileName=${file:name'                   | 'file:…: option fileName: expected symbol'
          """)
  void aStartNamesTheRouteThatFailsWithoutSecrets(String uri, String reason) throws IOException {
    // given
    home.write(
        "mine",
        ("- route: {id: mine, from: {uri: timer:x, steps: [{to: '%s'}]}}\n").formatted(uri));
    // then
    try (CamelApp camel = home.app()) {
      assertThatThrownBy(camel::start)
          .isInstanceOf(SettingsRefusedException.class)
          .hasMessageStartingWith("routes/mine.camel.yaml: route mine: " + reason)
          .hasMessageNotContaining("secret");
    }
  }

  @Test
  void whatARouteLogsIsPartOfTheLog() throws IOException {
    // given
    home.write(
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
    // when
    try (CapturedLog log = CapturedLog.of("dev.caravan.routes");
        CamelApp camel = home.app()) {
      camel.start();
      // then
      await().until(() -> log.lines().contains("told by mine"));
    }
  }
}
