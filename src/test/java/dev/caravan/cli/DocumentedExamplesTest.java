package dev.caravan.cli;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.ConfigReader;
import dev.caravan.config.FixedRules;
import dev.caravan.config.Overrides;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;
import picocli.CommandLine;

/** The commands and configs on the pages are ones that Caravan takes. */
class DocumentedExamplesTest {

  private static final Pattern BLOCK =
      Pattern.compile("^```(?<kind>[a-z]+)\\n(?<text>.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern WORD = Pattern.compile("(?:[^\\s\"']|\"[^\"]*\"|'[^']*')+");
  private static final Set<String> SECTIONS =
      Set.of(
          "base_config",
          "sweeps",
          "points",
          "repeat",
          "variants",
          "slo",
          "compare",
          "checks",
          "search",
          "hooks",
          "limits",
          "retry",
          "readiness",
          "labels",
          "per_concurrency");
  private static final Map<String, String> BASE =
      new TreeMap<>(
          Map.of(
              "model", "m",
              "url", "http://h:8000",
              "warmup_request_count", "1",
              "benchmark_duration", "5",
              "streaming", "true",
              "concurrency", "64"));

  @ParameterizedTest
  @MethodSource
  void commands(String line) {
    // given
    CommandLine caravan = Commands.all(null).setCaseInsensitiveEnumValuesAllowed(true);
    // then
    assertThatCode(() -> caravan.parseArgs(arguments(line))).as(line).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @MethodSource
  void configs(String block) {
    assertThatCode(() -> read(whole(block))).as(block).doesNotThrowAnyException();
  }

  @Test
  void thereAreSome() throws IOException {
    assertThat(commands()).hasSizeGreaterThan(30);
    assertThat(configs()).hasSizeGreaterThan(10);
  }

  static List<String> commands() throws IOException {
    return Stream.of("bash", "sh")
        .flatMap(kind -> blocks(kind).stream())
        .map(block -> block.replace("\\\n", " "))
        .flatMap(String::lines)
        .map(line -> line.replaceFirst("^(?:[A-Z_]+=\\S+ )+", "").replaceFirst("^\\./", ""))
        .filter(line -> line.startsWith("caravan "))
        .toList();
  }

  static List<String> configs() throws IOException {
    return blocks("yaml").stream().filter(DocumentedExamplesTest::isConfig).toList();
  }

  private static boolean isConfig(String block) {
    return new Yaml().load(block) instanceof Map<?, ?> map
        && map.keySet().stream().anyMatch(SECTIONS::contains);
  }

  /** With the options that docs/integrations.md allows. */
  private static BenchmarkConfig read(String config) {
    FixedRules rules = new FixedRules(1_000, Set.of("mlflow_tracking_uri", "mlflow_experiment"));
    return new ConfigReader(rules)
        .read(config.getBytes(StandardCharsets.UTF_8), Overrides.NONE, "c.yaml");
  }

  /** The config of a block, with what it leaves out because it does not matter there. */
  private static String whole(String block) {
    String missing =
        BASE.entrySet().stream()
            .filter(key -> !block.matches("(?s).*\\b" + key.getKey() + ":.*"))
            .map(key -> key.getKey() + ": \"" + key.getValue() + "\"")
            .collect(joining(", "));
    String config = block.contains("base_config:") ? block : "base_config: {}\n" + block;
    return config
        .replace("base_config: {", "base_config: {" + missing + ", ")
        .replace("base_config:\n", "base_config:\n  " + missing.replace(", ", "\n  ") + "\n")
        .replaceAll("[A-Z]+_API_KEY", "SET_API_KEY");
  }

  /** The words of a line up to a comment, a redirection or an operator, without quotes. */
  private static String[] arguments(String line) {
    Matcher words = WORD.matcher(line.replaceAll("\\$\\([^)]*\\)", "x"));
    return words
        .results()
        .map(MatchResult::group)
        .skip(1)
        .takeWhile(word -> !word.matches("[#&|<>;].*"))
        .map(word -> word.replaceAll("[\"']", ""))
        .toArray(String[]::new);
  }

  private static List<String> blocks(String kind) {
    try (Stream<Path> docs = Files.walk(Path.of("docs"))) {
      List<Path> pages =
          new ArrayList<>(docs.filter(page -> page.toString().endsWith(".md")).toList());
      pages.add(Path.of("README.md"));
      pages.sort(null);
      return pages.stream()
          .flatMap(page -> BLOCK.matcher(read(page)).results())
          .filter(block -> block.group(1).equals(kind))
          .map(block -> block.group(2))
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String read(Path page) {
    try (Stream<String> lines = Files.lines(page)) {
      return lines.map(line -> line.replaceFirst("^ {1,4}(?=```)", "")).collect(joining("\n"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
