package dev.caravan.chaos;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Generates mutated, truncated and random configs. */
final class ConfigMutations {

  private static final List<String> VALID =
      List.of(
          """
          batch_name: fuzz
          base_config:
            model: fake-ok
            url: http://localhost:1
            warmup_request_count: 1
            benchmark_duration: 1
            concurrency: 1
          """,
          """
          # A sweep over two keys.
          batch_name: "fuzz two"
          output_base_dir: aiperf_results
          labels: {engine: vllm, gpus: 8}
          base_config: &base
            model: meta/llama-3
            tokenizer: builtin
            url: "https://user.example:8443/v1"
            endpoint: /v1/chat/completions
            streaming: true
            warmup_request_count: 10
            benchmark_duration: 60
            concurrency: 0
            request_rate: 2.5
            request_rate_mode: poisson
          sweeps:
            concurrency: [1, 2, 4]
            prompt_output_tokens_mean: [64, 128]
          """,
          """
          x-note: kept for ourselves
          batch_name: fuzz3
          readiness: {endpoint: /health, status: 200, wait: 10m, interval: 5s, preflight: false}
          limits: {start_up: 1m, run_timeout: 10m, same_cause: 3, max_failures: 5}
          retry: {attempts: 3, on: [crashed], backoff: 10s}
          base_config:
            model: m
            url: http://[::1]:8000
            warmup_request_count: 0
            benchmark_duration: 5
            concurrency: 2
            aiperf_options:
              request_count: 500
              goodput: ["time_to_first_token:100"]
              extra_inputs: {ignore_eos: true}
          """);

  private static final List<String> FRAGMENTS =
      List.of(
          "\t",
          ": ",
          "- ",
          "{",
          "[",
          "]",
          "}",
          "'",
          "\"",
          "|",
          ">",
          "&a ",
          "*a",
          "*base",
          "<<: *base",
          "!!python/object/apply:os.system [id]",
          "!!java.net.URL x",
          "%YAML 9.9",
          "---",
          "...",
          "#",
          "?",
          "~",
          "null",
          ".inf",
          "-.inf",
          ".nan",
          "1e999",
          "0x1F",
          "0o17",
          "017",
          "1_000",
          "190:20:30",
          "99999999999999999999",
          "-1",
          "0",
          "true",
          "yes",
          "2026-02-30",
          "../..",
          "/etc/passwd",
          "\0",
          "\u0007",
          "\u001b[2J",
          "\ufeff",
          "\u2028",
          "\ud83d\ude00",
          "${jndi:ldap://x}",
          "${body}",
          "{{caravan.home}}",
          "$(id)",
          "`id`",
          "; rm -rf x",
          "--output-artifact-dir",
          "=1+1",
          "@x",
          "a/b\\c",
          "rerun: {batch: ../../x, run_index: 0}",
          "sweeps: {model: [",
          "concurrency: [1, 1]",
          "api_key_env_var: sk-pasted",
          "input_file: /etc/shadow",
          "hooks: x");

  private final Random random;

  ConfigMutations(Random random) {
    this.random = random;
  }

  /** The next config. */
  byte[] next() {
    return switch (random.nextInt(20)) {
      case 0 -> noise();
      case 1 -> cut();
      case 2 -> deep();
      case 3 -> bomb();
      default -> edited();
    };
  }

  private byte[] noise() {
    byte[] bytes = new byte[random.nextInt(2000)];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] cut() {
    byte[] whole = bytes(valid());
    return java.util.Arrays.copyOf(whole, random.nextInt(whole.length));
  }

  private byte[] deep() {
    int depth = 1 << random.nextInt(14);
    return bytes("base_config: " + "[".repeat(depth) + "]".repeat(random.nextInt(depth + 1)));
  }

  /** An alias bomb (billion laughs). */
  private byte[] bomb() {
    StringBuilder text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 2 + random.nextInt(12); i++) {
      String before = "*a" + (i - 1);
      text.append(
          "a%d: &a%d [%s]\n".formatted(i, i, String.join(", ", Collections.nCopies(9, before))));
    }
    return bytes(text + valid());
  }

  private byte[] edited() {
    List<String> lines = new ArrayList<>(valid().lines().toList());
    for (int i = random.nextInt(4); i >= 0 && !lines.isEmpty(); i--) {
      edit(lines);
    }
    return bytes(String.join("\n", lines) + "\n");
  }

  private void edit(List<String> lines) {
    int at = random.nextInt(lines.size());
    String line = lines.get(at);
    String fragment = FRAGMENTS.get(random.nextInt(FRAGMENTS.size()));
    switch (random.nextInt(7)) {
      case 0 -> lines.remove(at);
      case 1 -> lines.add(random.nextInt(lines.size() + 1), line);
      case 2 -> Collections.swap(lines, at, random.nextInt(lines.size()));
      case 3 ->
          lines.set(
              at,
              line.replaceFirst(": .*", ": " + fragment.replace("\\", "\\\\").replace("$", "\\$")));
      case 4 -> lines.add(at, fragment);
      case 5 -> lines.set(at, "  ".repeat(random.nextInt(4)) + line.strip());
      default -> {
        int in = random.nextInt(line.length() + 1);
        lines.set(at, line.substring(0, in) + fragment + line.substring(in));
      }
    }
  }

  private String valid() {
    return VALID.get(random.nextInt(VALID.size()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
