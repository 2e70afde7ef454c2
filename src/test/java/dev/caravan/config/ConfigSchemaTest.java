package dev.caravan.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** The schema for editors, and the examples that refer to it. */
class ConfigSchemaTest {

  private static final Path EXAMPLES = Path.of("examples");
  private static final Path SCHEMA_FILE = EXAMPLES.resolve("caravan.schema.json");
  private static final String WRITE_PROPERTY = "caravan.schema.write";

  private static final ConfigRules ALL_SECRETS_SET =
      new ConfigRules() {
        @Override
        public boolean optionAllowed(String name) {
          return false;
        }

        @Override
        public long maxRuns() {
          return 100;
        }

        @Override
        public boolean secretAllowed(String variable) {
          return true;
        }

        @Override
        public String secretsProperty() {
          return "";
        }

        @Override
        public boolean secretSet(String variable) {
          return true;
        }

        @Override
        public Optional<String> outputFolderRefusal(String outputBaseDir, String batchName) {
          return Optional.empty();
        }

        @Override
        public Optional<String> inputFileRefusal(String inputFile) {
          return Optional.of("no example has one");
        }
      };

  @Test
  void matchesTheFileInExamples() throws IOException {
    if (Boolean.getBoolean(WRITE_PROPERTY)) {
      Files.write(SCHEMA_FILE, Json.file(ConfigSchema.tree()));
    }
    assertThat(Files.readString(SCHEMA_FILE))
        .as("regenerate it with: ./mvnw test -Dtest=ConfigSchemaTest -D%s=true", WRITE_PROPERTY)
        .isEqualTo(Json.text(ConfigSchema.tree()) + "\n");
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleIsValid(Path example) throws IOException {
    // when
    BenchmarkConfig config =
        new ConfigReader(ALL_SECRETS_SET)
            .read(Files.readAllBytes(example), Overrides.NONE, example.getFileName().toString());

    // then
    assertThat(config.warnings()).isEmpty();
    assertThat(config.batchName() + ".yaml").isEqualTo(example.getFileName().toString());
    assertThat(validationErrors(Files.readString(example))).isEmpty();
    assertThat(Files.readAllLines(example))
        .startsWith("# yaml-language-server: $schema=caravan.schema.json")
        .satisfies(lines -> assertThat(lines.get(1)).startsWith("# "));
  }

  @Test
  void rejectsWhatTheReaderRefuses() {
    assertThat(validationErrors(FixedRules.BASE)).isEmpty();
    for (String invalid :
        List.of(
            FixedRules.BASE + "  concurency: 1\n",
            FixedRules.BASE + "sweps: {}\n",
            FixedRules.BASE + "limits: {warm_up: 30}\n",
            FixedRules.BASE + "limits: {warm_up: 0s}\n",
            FixedRules.BASE + "limits: {warmup: 30s}\n",
            FixedRules.BASE + "retry: {attempts: 11}\n",
            FixedRules.BASE + "retry: {'on': [unauthorized]}\n",
            FixedRules.BASE + "retry: {'on': [crashed, crashed]}\n",
            FixedRules.BASE + "readiness: {status: 99}\n",
            FixedRules.BASE + "priority: 10\n",
            FixedRules.BASE + "priority: high\n",
            FixedRules.BASE + "readiness: {endpoint: None}\n",
            FixedRules.BASE + "readiness: {endpoint: 'http://h/health'}\n",
            FixedRules.BASE + "rerun: {batch: b/1}\n",
            FixedRules.BASE + "rerun: {batch: b/../1, run_index: 0}\n",
            FixedRules.BASE + "sweeps: {concurrency: []}\n",
            FixedRules.BASE + "sweeps: {concurrency: [0]}\n",
            FixedRules.BASE.replace("model: m", "model: 5"),
            FixedRules.BASE.replace("  model: m\n", ""),
            FixedRules.BASE.replace("http://h", "http://me:pw@h"),
            FixedRules.BASE + "compare: {}\n",
            FixedRules.BASE + "compare: {last: 5, batch: b}\n",
            FixedRules.BASE + "compare: {last: 101}\n",
            FixedRules.BASE + "compare: {last: 5, metrics: speed}\n",
            FixedRules.BASE + "compare: {last: 5, allow: [cache, cache]}\n",
            FixedRules.BASE + "compare: {last: 5, tolerance: {speed: 5%}}\n",
            FixedRules.BASE + "repeat: {order: rounds}\n",
            FixedRules.BASE + "repeat: {times: null}\n",
            FixedRules.BASE + "variants: {a: , b: {group: [x]}}\n",
            FixedRules.BASE + "  request_rate_mode: gamma\n",
            FixedRules.BASE + "  aiperf_options: {header: x}\n")) {
      assertThat(validationErrors(invalid)).as(invalid).isNotEmpty();
      assertThat(FixedRules.problems(invalid)).as(invalid).isNotEmpty();
    }
  }

  @Test
  void acceptsTheExecutionSections() {
    // given
    String sections =
        """
        limits: {start_up: 30s, measuring: , run_timeout: 1h, max_failures: 3, same_cause: 0}
        retry: {attempts: 3, "on": [crashed, timed_out], backoff: 0s}
        readiness: {endpoint: none, status: 204, wait: 0s, interval: 250ms, completion: true}
        rerun: {batch: b/20261124_140254, run_index: 0}
        priority: 9
        """;

    // when / then
    assertThat(validationErrors(FixedRules.BASE + sections)).isEmpty();
    assertThat(FixedRules.problems(FixedRules.BASE + sections)).isEmpty();
  }

  @Test
  void allowsARequiredKeyInSweeps() {
    String config = FixedRules.BASE.replace("  model: m\n", "") + "sweeps: {model: [a]}\n";
    assertThat(validationErrors(config)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "compare: {last: 5, metrics: ttft_ms_p50, allow: cache}",
        "compare: {last: 5, batch: null, metrics: null, tolerance: , allow: , fail_on: }",
        "compare: {variant: b, last_pass: null}\nvariants: {a: , b: }",
        "slo: {ttft_ms_p50: null, itl_ms_p50: 5}",
        "slo: null\ncompare: {baseline: main}",
        "repeat: {times: 2, order: null}",
        "repeat: null",
        "per_concurrency: null",
        "points: null\nexclude: null\nsweeps: null\nvariants: null\nlabels: null",
        "points: [{isl: 1, url: 'http://b'}]",
        "points: [{request_rate: inf}, {request_rate: 5}]",
        "variants: {a: null, b: {isl: null, labels: null, group: null}}",
        "variants: {a: , b: {labels: {gpu: 5}, group: x, aiperf_options: {request_count: null}}}",
        "limits: null\nretry: null\nreadiness: null\nworker: null\nchecks: null",
        "retry: {attempts: null, 'on': null, backoff: null}",
        "readiness: {endpoint: null, status: null, wait: null, interval: null, completion: null}",
        "worker: {pool: null}",
        "checks: {cache: null, stall: off, load: {warning: 5%}}",
        "batch_name: null\noutput_base_dir: null\npriority: null\nvary_prompts: null\ncool_down: ",
        "sweeps: {request_rate: [inf, 5]}",
        "sweeps: {isl: [100, 200], random_seed: [1, 2]}",
        "x-mine: {any: thing}\n_other: 5",
      })
  void acceptsWhatTheReaderAccepts(String sections) {
    String config = FixedRules.BASE + "  streaming: true\n" + sections + "\n";
    assertThat(FixedRules.problems(config)).isEmpty();
    assertThat(validationErrors(config)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "variants: {a: {@, url: 'http://a'}, b: {@, url: 'http://b'}}",
        "points: [{@, url: 'http://a'}, {@, url: 'http://b'}]",
        "base_config:\nsweeps: {@@, url: ['http://a']}",
        "sweeps: {@@, url: ['http://a']}"
      })
  void needsNoBaseConfigWhereOtherSectionsHaveTheRequiredKeys(String sections) {
    String config =
        sections
            .replace(
                "@@",
                "model: [m], concurrency: [1], warmup_request_count: [0], benchmark_duration: [5]")
            .replace(
                "@", "model: m, concurrency: 1, warmup_request_count: 0, benchmark_duration: 5");
    assertThat(FixedRules.problems(config)).isEmpty();
    assertThat(validationErrors(config)).isEmpty();
  }

  private static Stream<Path> examples() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      return files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList().stream();
    }
  }

  private static Set<ValidationMessage> validationErrors(String yaml) {
    JsonSchema schema =
        JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(ConfigSchema.tree());
    Map<String, Object> config = new Yaml().load(yaml);
    return schema.validate(new ObjectMapper().valueToTree(config));
  }
}
