package dev.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.jms.ArchiveTransfer;
import dev.caravan.fleet.jms.BrokerConnections;
import dev.caravan.model.Owner;
import dev.caravan.pipeline.process.AiperfFinder;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

/** The rules that all route files follow. */
class RouteRulesTest {

  private static final Path ROUTES = Path.of("routes");
  private static final Path BEANS = Path.of("src/main/resources/dev/caravan/app/camel/beans.txt");
  private static final String EXTENSION = ".camel.yaml";

  /** A file should fit on one screen. */
  private static final int MAX_LINES = 60;

  private static final String VALID =
      """
      - route:
          id: a-first
          description: Does this.
          routeConfigurationId: policy
          from:
            uri: "{{caravan.queue.runs}}"
            steps:
              - to: direct:a-second
      - route:
          id: a-second
          description: Does that.
          from:
            uri: direct:a-second
            steps:
              - bean:
                  ref: runs
                  method: "take(${body})"
              - choice:
                  when:
                    - simple: "${body} != null"
                      steps:
                        - to:
                            uri: exec:aiperf
                            parameters:
                              binding: "#aiperfBinding"
      - routeConfiguration:
          id: policy
      """;

  @TempDir private Path folder;

  @Test
  void allFilesFollowTheRules() throws IOException {
    assertThat(RouteFaults.of(files(), beans())).isEmpty();
  }

  @Test
  void theRulesAcceptAValidFile() throws IOException {
    assertThat(RouteFaults.of(Map.of("a", VALID), beans())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          id: a-first               | id: aFirst            | the id aFirst is not
          id: a-first               | id: b-first           | the id b-first is not
          id: a-first               | id: a-second          | a-second: duplicate id
          description: Does this.   | precondition: x       | a-first: no description
          description: Does this.   | description: " "      | a-first: no description
          routeConfigurationId: policy | routeConfigurationId: polici | no routeConfiguration polici
          caravan.queue.runs        | caravan.queue.run     | unknown property caravan.queue.run
          caravan.queue.runs        | caravan.none:x        | unknown property caravan.none
          to: direct:a-second       | to: direct:a-third    | a-first: no route consumes direct:a-third
          to: direct:a-second       | to: direct:a-third    | a-second: no route calls direct:a-second
          uri: direct:a-second      | uri: direct:b-second  | consumes direct:b-second instead
          to: direct:a-second       | to: log:x?level=INFO  | options in the uri log:x?level=INFO
          uri: exec:aiperf          | uri: exec:aiperf?a=b  | options in the uri exec:aiperf?a=b
          ref: runs                 | ref: run              | a-second: no bean run
          take(${body})             | tak(${body})          | runs has no public method tak
          '#aiperfBinding'          | '#binding'            | a-second: no bean binding
          simple: "$                | groovy: "$            | a script: groovy
          ${body} !=                | ${body.mayStart()} != | a-second: calls a method of a body, in ${body.mayStart()}
          take(${body})             | take(${variable.a.b().c()}) | calls a method of a body, in take(${variable.a.b().c()})
          - routeConfiguration:     | - beans:              | neither a route nor a routeConfiguration
          """)
  void theRulesFindEachFault(String part, String changed, String fault) throws IOException {
    // given
    assertThat(VALID).contains(part);
    // then
    assertThat(
            RouteFaults.of(
                Map.of("a", VALID.replaceFirst("\\Q" + part + "\\E", quoted(changed))), beans()))
        .anyMatch(found -> found.contains(fault));
  }

  private static String quoted(String text) {
    return Matcher.quoteReplacement(text);
  }

  @Test
  void theRulesFindLongRoutesAndNestedChoices() throws IOException {
    // given
    String step = "        - to: direct:a-second\n";
    String nested = VALID.replace("- to:\n", "- choice: {when: []}\n                  - to:\n");
    // then
    assertThat(RouteFaults.of(Map.of("a", VALID.replaceFirst(step, step.repeat(9))), beans()))
        .containsExactly("a-first: 9 steps, more than 8");
    assertThat(RouteFaults.of(Map.of("a", nested), beans()))
        .containsExactly("a-second: a choice within a choice");
  }

  @Test
  void allFilesMatchCamelsSchema() throws IOException {
    // given
    JsonSchema schema;
    try (InputStream text = getClass().getResourceAsStream("/schema/camelYamlDsl.json")) {
      schema = JsonSchemaFactory.getInstance(VersionFlag.V4).getSchema(text);
    }
    // then
    List<String> faults = new ArrayList<>();
    files()
        .forEach(
            (name, text) ->
                schema.validate(json(text)).forEach(fault -> faults.add(name + ": " + fault)));
    assertThat(faults).isEmpty();
    assertThat(schema.validate(json(VALID.replace("description", "descripton")))).isNotEmpty();
  }

  private static JsonNode json(String yaml) {
    return new ObjectMapper().valueToTree(new Yaml().load(yaml));
  }

  @Test
  void theListOfWhatRoutesMayCallIsComplete() throws IOException {
    // given
    String expected = RouteApi.of(files().values(), beans());
    // then
    assertThat(Files.readString(Path.of("docs/routes.md")))
        .as("docs/routes.md ends with:\n\n%s", expected)
        .endsWith("\n\n" + expected);
  }

  /** {@code -Dcaravan.beans.write=true} makes the list anew. */
  @Test
  void theListOfBeansIsComplete() throws IOException {
    // given
    List<String> lines = new ArrayList<>();
    beans().forEach((name, bean) -> lines.add(name + " " + type(bean).getName()));
    // when
    if (Boolean.getBoolean("caravan.beans.write")) {
      Files.write(BEANS, lines);
    }
    // then
    assertThat(Files.readAllLines(BEANS)).isEqualTo(lines);
  }

  /** A lambda has no name. */
  private static Class<?> type(Object bean) {
    return bean.getClass().isHidden() ? bean.getClass().getInterfaces()[0] : bean.getClass();
  }

  @Test
  void fileNamesAreUniqueAcrossFolders() throws IOException {
    assertThat(paths()).extracting(RouteRulesTest::name).isNotEmpty().doesNotHaveDuplicates();
  }

  @Test
  void noFileIsLong() throws IOException {
    assertThat(files())
        .allSatisfy((name, text) -> assertThat(text.lines()).hasSizeLessThanOrEqualTo(MAX_LINES));
  }

  @Test
  void everySettingIsUsed() throws IOException {
    // given
    String code = sources() + String.join("", files().values());
    // then
    assertThat(Setting.values())
        .allSatisfy(
            setting ->
                assertThat(code)
                    .containsAnyOf(
                        "Setting." + setting.name() + ",",
                        "Setting." + setting.name() + ")",
                        "Setting." + setting.name() + ".",
                        "{{" + setting.key() + "}}"));
  }

  private Map<String, Object> beans() throws IOException {
    Settings settings = Settings.of(folder, System.getenv(), new Properties());
    try (Components components =
        Components.of(settings, new DurableFiles(), AiperfFinder.of(settings), Owner.DAEMON)) {
      return allBeans(settings, components);
    }
  }

  /** The beans of a daemon alone, a hub and a worker. */
  private Map<String, Object> allBeans(Settings settings, Components components)
      throws IOException {
    Map<String, Object> all = new TreeMap<>(components.byName());
    Settings unreachable = settings.with(Setting.BROKER, "tcp://127.0.0.1:1");
    try (BrokerConnections brokerConnections = BrokerConnections.open(unreachable)) {
      SubmissionComponents submissions =
          new SubmissionComponents(settings, new DurableFiles(), components);
      all.putAll(submissions.byName());
      WorkerComponents worker = new WorkerComponents(settings, new DurableFiles());
      all.putAll(
          new HubComponents(
                  settings, new DurableFiles(), components, submissions, brokerConnections)
              .byName());
      all.putAll(worker.byName());
      all.put(
          "outcomeSender",
          worker.outcomeSender(new ArchiveTransfer(brokerConnections.connectionFactory())));
    }
    return all;
  }

  private static Map<String, String> files() throws IOException {
    Map<String, String> texts = new TreeMap<>();
    for (Path file : paths()) {
      texts.put(name(file), Files.readString(file));
    }
    return texts;
  }

  private static List<Path> paths() throws IOException {
    try (Stream<Path> files = Files.walk(ROUTES)) {
      return files.filter(file -> file.toString().endsWith(EXTENSION)).toList();
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString().replace(EXTENSION, "");
  }

  /** The main code except where settings are defined and checked. */
  private static String sources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.endsWith("Setting.java") && !file.endsWith("Settings.java"))
          .map(RouteRulesTest::read)
          .collect(Collectors.joining());
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
