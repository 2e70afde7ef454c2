package dev.caravan.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.config.yaml.YamlSource;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a file contains, the reader returns a config or its problems within the time limit. */
class MutatedConfigTest {

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final int MUTANTS = 1000;
  private static final ConfigReader READER =
      new ConfigReader(new FixedRules(1000, Set.of("brand_new")));
  private static final long SEED = 20261124;

  private static final List<String> PIECES =
      List.of(
          "<<: *a",
          "&a ",
          "*a",
          "!!int ",
          "!!binary ",
          "!!set ",
          "{",
          "}",
          "[",
          "]",
          ": ",
          "- ",
          "? ",
          "| ",
          ">-\n",
          "'",
          "\"",
          "\"\\ud800\"",
          "\"\\UFFFFFFFF\"",
          "\t",
          "#",
          "---\n",
          "...\n",
          "%YAML 1.1\n",
          "null",
          "~",
          "99999999999999999999999999",
          "0x",
          "0b",
          "1:99:1",
          ".inf",
          "-.NaN",
          "-",
          "yes",
          "2026-11-24",
          "\u202e",
          "\u0085",
          "\u2028",
          "é",
          "\uD83D\uDE00",
          "\n",
          "\n  ",
          "x-",
          "=",
          "<<",
          "@",
          "`",
          "%",
          "!",
          "!<>",
          "!<tag:yaml.org,2002:int> ",
          "labels: ",
          "retry: ",
          "on: ",
          "5m",
          "..",
          "0_",
          "-0b");

  private static final String WHOLE =
      """
      batch_name: b
      output_base_dir: out
      x-a: &a {model: z, tokenizer: builtin}
      base_config:
        <<: *a
        model: "m"
        url: http://h:8000
        warmup_request_count: 1
        benchmark_duration: 5
        concurrency: 1
        request_rate: 1.5
        api_key_env_var: SET_API_KEY
        aiperf_options: {request_count: 5, goodput: {request_latency: 250}, extra_inputs: {a: [1, {b: c}]}}
      sweeps:
        concurrency: [1, 2, 4]
        request_rate_mode: [constant, poisson]
        image_format: [png, jpeg]
      labels: {engine: vllm, gpus: 8}
      limits: {start_up: 5m, run_timeout: 1h, max_failures: 3}
      retry: {attempts: 3, on: [crashed, timed_out], backoff: 0s}
      readiness: {endpoint: /ready, status: 204, wait: 20m, completion: true}
      rerun: {batch: b/20261124_140254, run_index: 2}
      """;

  @Test
  void handlesEveryMutantInTime() {
    // given
    Random random = new Random(SEED);
    int accepted = 0;

    // when / then
    for (int i = 0; i < MUTANTS; i++) {
      accepted += acceptsInTime(mutant(random)) ? 1 : 0;
    }
    assertThat(accepted).isBetween(1, MUTANTS - 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "a: [1]\n",
        "k%d: 1\n",
        "  k%d: 1\n",
        "<<: {a: 1}\n",
        "k%d: &k%d [x, y]\n",
        "%d,",
        "1:1",
        "1_1",
        "a:1 ",
        ">\n"
      })
  void handlesALargeFileInTime(String piece) {
    // given
    boolean isLine = piece.endsWith("\n");
    StringBuilder file = new StringBuilder(isLine ? "base_config:\n" : "sweeps: {concurrency: [");
    for (int i = 0; file.length() < YamlSource.MAX_BYTES - 100; i++) {
      file.append(piece.replace("%d", String.valueOf(i)));
    }
    String end = isLine ? "" : "]}";

    // when / then
    assertThat(acceptsInTime((file + end).getBytes(StandardCharsets.UTF_8))).isFalse();
  }

  /** Whether the reader accepts it. Measures CPU time, which other processes do not affect. */
  private static boolean acceptsInTime(byte[] config) {
    ThreadMXBean thread = ManagementFactory.getThreadMXBean();
    long start = thread.getCurrentThreadCpuTime();
    boolean accepted = accepts(config);
    assertThat(Duration.ofNanos(thread.getCurrentThreadCpuTime() - start)).isLessThan(LIMIT);
    return accepted;
  }

  private static boolean accepts(byte[] config) {
    try {
      BenchmarkConfig read = READER.read(config, Overrides.NONE, "c.yaml");
      assertThat(read.varied().values()).noneMatch(List::isEmpty);
      return true;
    } catch (ConfigRefusedException e) {
      assertThat(e.problems()).isNotEmpty();
      assertThat(e.getMessage()).doesNotContain("\u001b", "\t", "\u202e", "\r");
      return false;
    } catch (RuntimeException | StackOverflowError e) {
      String text = new String(config, StandardCharsets.UTF_8);
      return fail(
          "neither accepted nor refused: " + text.substring(0, Math.min(2000, text.length())), e);
    }
  }

  private static byte[] mutant(Random random) {
    StringBuilder text = new StringBuilder(WHOLE);
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(4)) {
        case 0 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
        case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(12)));
        case 2 -> text.setCharAt(at, (char) random.nextInt(256));
        default ->
            text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(60))));
      }
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
