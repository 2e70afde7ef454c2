package dev.caravan.config;

import static dev.caravan.config.FixedRules.BASE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.config.yaml.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is set over a config takes the place of its values, and is checked as they are. */
class OverridesTest {

  private static final String SWEPT = BASE + "sweeps: {concurrency: [1, 2], model: [a, b]}\n";

  @Test
  void replacesAValueAndKeepsTheRest() {
    // when
    BenchmarkConfig config = read(SWEPT, "base_config.url=http://gpu-2:8000/v1=x");
    // then
    assertThat(config.base().url()).isEqualTo("http://gpu-2:8000/v1=x");
    assertThat(config.varied().toString()).isEqualTo("{concurrency=[1, 2], model=[a, b]}");
  }

  @Test
  void readsAValueAsTheFileDoes() {
    // when
    BenchmarkConfig config =
        read(
            SWEPT,
            "sweeps.concurrency=[4, 0x10]",
            "base_config.streaming=yes",
            "base_config.tokenizer='1'",
            "base_config.aiperf_options={extra_inputs: {ignore_eos: true, top: \"a: b\"}}",
            "limits.start_up=9m",
            "retry.on=[crashed]",
            "vary_prompts=true");
    // then
    assertThat(config.varied().toString()).isEqualTo("{concurrency=[4, 16], model=[a, b]}");
    assertThat(config.base().values())
        .containsEntry("streaming", true)
        .containsEntry("tokenizer", "1")
        .containsEntry(
            "aiperf_options", Map.of("extra_inputs", Map.of("ignore_eos", true, "top", "a: b")));
    assertThat(config).isEqualTo(FixedRules.read(inFile()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          prompt_input_tokens_mean | isl
          isl                      | prompt_input_tokens_mean
          """)
  void findsAKeyByItsOtherName(String inFile, String inOption) {
    // given
    String base = BASE + "  KEY: 100\n  aiperf_options: {request_count: 9}\n";
    String swept = BASE + "sweeps: {KEY: [100, 200]}\n";
    String variants = BASE + "variants: {a: {KEY: 100}, b: {isl: 5}}\n";
    String merged = "x-all: &all {KEY: 100}\n" + BASE + "  <<: *all\n";

    // then
    assertThat(read(base.replace("KEY", inFile), "base_config." + inOption + "=300").base())
        .isEqualTo(FixedRules.read(base.replace("KEY: 100", "isl: 300")).base());
    assertThat(read(swept.replace("KEY", inFile), "sweeps." + inOption + "=[300]").matrix())
        .isEqualTo(FixedRules.read(BASE + "sweeps: {isl: [300]}\n").matrix());
    assertThat(read(variants.replace("KEY", inFile), "variants.a." + inOption + "=300").matrix())
        .isEqualTo(FixedRules.read(BASE + "variants: {a: {isl: 300}, b: {isl: 5}}\n").matrix());
    assertThat(read(merged.replace("KEY", inFile), "base_config." + inOption + "=300").base())
        .isEqualTo(FixedRules.read(BASE + "  isl: 300\n").base());
  }

  private static String inFile() {
    return BASE
        + """
          streaming: yes
          tokenizer: '1'
          aiperf_options: {extra_inputs: {ignore_eos: true, top: "a: b"}}
        sweeps: {concurrency: [4, 0x10], model: [a, b]}
        limits: {start_up: 9m}
        retry: {on: [crashed]}
        vary_prompts: true
        """;
  }

  @Test
  void takesNamesAndLabelsAsText() {
    // when
    BenchmarkConfig config =
        read(
            "labels: {gpu: H100, image: a}\n" + BASE,
            Overrides.of(
                Optional.of("2026"),
                List.of(
                    "image=0.34",
                    "app.kubernetes.io=[a: #",
                    "n=null",
                    "e=",
                    "k=a=b",
                    "owner=Jörg 😀"),
                List.of()));
    // then
    assertThat(config.batchName()).isEqualTo("2026");
    assertThat(config.labels().toString())
        .isEqualTo(
            "{gpu=H100, image=0.34, app.kubernetes.io=[a: #, n=null, e=, k=a=b, owner=Jörg 😀}");
  }

  @Test
  void letsTheLastOneWin() {
    assertThat(read(BASE, "base_config.concurrency=x", "base_config.concurrency=4").base().values())
        .containsEntry("concurrency", 4L);
    assertThat(
            read(
                    BASE,
                    Overrides.of(
                        Optional.of("a"),
                        List.of("k=1", "k=2"),
                        List.of("batch_name=b", "labels.j=3")))
                .toString())
        .contains("batchName=b")
        .contains("{k=2, j=3}");
  }

  @Test
  void setsNothingByAnEmptyValueLikeTheFile() {
    // given
    String config = "labels: {a: b}\n" + SWEPT + "priority: 7\n";
    // when
    BenchmarkConfig read =
        read(config, "labels.a=", "sweeps=null", "priority= ", "base_config.endpoint_type=~");
    // then
    assertThat(read.labels()).isEmpty();
    assertThat(read.varied()).isEmpty();
    assertThat(read.priority()).isEmpty();
    assertThat(read.base().values()).doesNotContainKey("endpoint_type");
    assertThat(problems(config, "base_config.url="))
        .containsExactly(
            "c.yaml:2:1: base_config.url: required, but set in neither base_config nor sweeps");
  }

  @Test
  void changesOnlyOneOfTwoPlacesThatShareAnAnchor() {
    // given
    String config =
        """
        x-common: &common {model: m, url: "http://h", warmup_request_count: 1}
        base_config: &base {<<: *common, benchmark_duration: 5, concurrency: 1}
        x-copy: *base
        """;
    // when
    BenchmarkConfig read =
        read(config, "base_config.url=http://other", "x-copy.url=3", "base_config.model=n");
    // then
    assertThat(read.base().url()).isEqualTo("http://other");
    assertThat(read.base().model()).isEqualTo("n");
    assertThat(FixedRules.read(config).base().url()).isEqualTo("http://h");
  }

  @Test
  void setsWhatARunIsMadeOf() {
    // given
    String config =
        BASE + "variants: {a: {}, b: {url: 'http://b', labels: {image: x}}}\nrepeat: 2\n";
    // when
    BenchmarkConfig read =
        read(
            config,
            "variants.b.url=http://c",
            "variants.b.labels.image=y",
            "repeat=5",
            "points=[{isl: 100, osl: 10}, {isl: 200, osl: 10}]",
            "slo.request_latency_ms_p99=500");
    // then
    assertThat(read)
        .isEqualTo(
            FixedRules.read(
                BASE
                    + """
                    variants: {a: {}, b: {url: 'http://c', labels: {image: y}}}
                    repeat: 5
                    points: [{isl: 100, osl: 10}, {isl: 200, osl: 10}]
                    slo: {request_latency_ms_p99: 500}
                    """));
    assertThat(problems(config, "variants.b.ulr=http://c", "points.isl=[1]"))
        .containsExactlyInAnyOrder(
            "c.yaml: --set variants.b.ulr=…: unknown key; did you mean \"url\"?",
            "c.yaml: --set points.isl=…: points: must be a list of mappings, such as [{isl: 1024, osl:"
                + " 128}]");
  }

  @Test
  void findsASectionThatIsMerged() {
    // given
    String config = "x-all: &all {limits: {export: 5m}}\n<<: *all\n" + BASE;
    // then
    assertThat(read(config, "limits.start_up=9m").limits())
        .isEqualTo(FixedRules.read(BASE + "limits: {export: 5m, start_up: 9m}\n").limits());
  }

  @Test
  void reportsAllProblemsAtOnceWithTheOption() {
    assertThat(
            FixedRules.problems(
                BASE + "sweps: {}\n",
                Overrides.of(
                    Optional.of("a/b"),
                    List.of("gpu=" + "x".repeat(300), "no"),
                    List.of(
                        "base_config.concurency=4",
                        "base_config.concurrency=many",
                        "sweeps.model=[a, 7]",
                        "base_config.url.port=1",
                        "base_config.model={a: 1}",
                        "limits={export: 5m, export: 6m}",
                        "nothing"))))
        .containsExactlyInAnyOrder(
            "c.yaml: --name: batch_name: \"a/b\": becomes a folder name: must not contain \"/\" or"
                + " \"..\", or start with a dot",
            "c.yaml: --label gpu=…: labels.gpu: \""
                + "x".repeat(60)
                + "…\": must be at most 200 bytes long, is 300",
            "c.yaml: --label: must be NAME=TEXT",
            "c.yaml: --set base_config.concurency=…: unknown key; did you mean \"concurrency\"?",
            "c.yaml: --set base_config.concurrency=…: \"many\": must be a whole number, 1 or more",
            "c.yaml: --set sweeps.model=…: sweeps.model[1]: \"7\": must be a string; YAML reads it as a"
                + " number, so put it in quotes",
            "c.yaml: --set base_config.url.port=…: base_config.url has no keys below it: it is a single"
                + " value",
            "c.yaml: --set base_config.model=…: a mapping: must be a string",
            "c.yaml: --set limits=…: limits.export: duplicate key, first at --set limits=…",
            "c.yaml: --set: must be KEY=VALUE or SECTION.KEY=VALUE, such as base_config.concurrency=4; a"
                + " key with \".\" or \"=\" is written in double quotes",
            "c.yaml:7:1: sweps: unknown key; did you mean \"sweeps\"?");
  }

  @Test
  void namesTheOptionInAWarning() {
    assertThat(read(BASE, "labels.a=$HOME/x").warnings())
        .containsExactly("--set labels.a=…: \"$HOME\" is taken literally; nothing replaces it");
  }

  @Test
  void tellsProgramsWhichOptionItWas() {
    try {
      read(BASE, "base_config.concurrency=0");
    } catch (ConfigRefusedException e) {
      assertThat(e.problems())
          .containsExactly(
              new Problem(
                  0,
                  0,
                  "--set base_config.concurrency=…",
                  "base_config.concurrency",
                  "\"0\": must be a whole number, 1 or more"));
    }
  }

  private static BenchmarkConfig read(String config, String... settings) {
    return read(config, settings(settings));
  }

  private static Overrides settings(String... settings) {
    return Overrides.of(Optional.empty(), List.of(), List.of(settings));
  }

  private static BenchmarkConfig read(String config, Overrides overrides) {
    return new ConfigReader(new FixedRules()).read(config.getBytes(UTF_8), overrides, "c.yaml");
  }

  private static List<String> problems(String config, String... settings) {
    return FixedRules.problems(config, settings(settings));
  }
}
