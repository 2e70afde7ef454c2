package dev.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.yaml.snakeyaml.Yaml;

/** Runs the script of the GitHub Action for a pull request, with a fake caravan and gh. */
final class GitHubRunner {

  private static final String FAKE_CARAVAN =
      """
      #!/bin/sh
      for each; do printf '[%s]' "$each" >> "$CALLS"; done
      echo >> "$CALLS"
      for last; do :; done
      case $1 in
        setup) exit 0 ;;
        run)
          [ ! "$REFUSES" ] || exit 2
          mkdir -p "$BATCH" && touch "$BATCH/report.html"
          [ ! "$SUMMARY" ] || echo "$SUMMARY" > "$BATCH/summary.json"
          [ ! "$HOLDS" ] || { trap 'exit 130' INT; touch "$CALLS.held"; sleep 60 & wait; }
          exit "${RUN_EXIT:-0}" ;;
        list) [ -d "$BATCH" ] && echo "[{\\"id\\": \\"${NAME:-bench}/20261128_020000\\", \\"folder\\": \\"$BATCH\\"}]" ;;
        compare)
          case $* in
            *json*) echo "{\\"verdict\\": \\"$VERDICT\\", \\"sentence\\": \\"$VERDICT it\\"}" > "$last" ;;
            *) echo "**$VERDICT** it" > "$last" ;;
          esac ;;
        report) seq -f '| row %.0f |' "${ROWS:-1}" > "$last" ;;
      esac
      """;

  private static final String FAKE_GH =
      """
      #!/bin/sh
      for each; do printf '[%s]' "$each" >> "$CALLS.gh"; done
      echo >> "$CALLS.gh"
      case "$1 $2" in
        'run list') [ "$RUNS" ] || { echo no permission >&2; exit 1; }; echo "$RUNS" ;;
        'run view') [ "$3" = 9 ] && echo pull_request || echo push ;;
        'api repos/me/model/actions/artifacts?'*) printf '%s' "$ARTIFACTS" ;;
        'run download')
          [ "$3" = 9 ] || [ "$3" = 8 ] || exit 1
          for last; do :; done
          mkdir -p "$last" ;;
        'api --paginate') printf '%s' "$COMMENTS" ;;
        'api --method') cat >> "$CALLS.body"; exit "${COMMENT_EXIT:-0}" ;;
      esac
      """;

  private final Path folder;
  private final Map<String, String> variables = new HashMap<>();

  /** A runner whose files are in this folder. */
  GitHubRunner(Path folder) throws IOException {
    this.folder = folder;
    Path bin = Files.createDirectory(folder.resolve("bin"));
    script(bin.resolve("caravan"), FAKE_CARAVAN);
    script(bin.resolve("gh"), FAKE_GH);
    variables.put("PATH", bin + ":" + System.getenv("PATH"));
    variables.put("GITHUB_ACTION_PATH", Path.of("").toAbsolutePath().toString());
    variables.put("PYTHONDONTWRITEBYTECODE", "1");
    variables.put("PIP_NO_INDEX", "1"); // without its fake, the script runs the checkout
    variables.put("CALLS", folder.resolve("calls").toString());
    variables.put("BATCH", folder.resolve("results/bench/20261128_020000").toString());
    variables.put("VERDICT", "PASS");
    variables.put(
        "RUNS",
        """
        [{"databaseId": 9, "event": "pull_request"}, {"databaseId": 6, "event": "push"},
        {"databaseId": 5, "event": "pull_request_target"}, {"databaseId": 8, "event": "schedule"}]
        """);
    variables.put("ARTIFACTS", "9\n8\n");
    variables.put("RUNNER_TEMP", Files.createDirectory(folder.resolve("temp")).toString());
    variables.put("GITHUB_OUTPUT", folder.resolve("outputs").toString());
    variables.put("GITHUB_STEP_SUMMARY", folder.resolve("summary").toString());
    variables.put("GITHUB_REPOSITORY", "me/model");
    variables.put("GITHUB_REF", "refs/pull/7/merge");
    variables.put("GITHUB_BASE_REF", "main");
    variables.put("GITHUB_SHA", "0123456789abcdef0123");
    variables.put("GITHUB_WORKFLOW_REF", "me/model/.github/workflows/bench.yml@refs/pull/7/merge");
    variables.put("GITHUB_SERVER_URL", "https://github.com");
    variables.put("GITHUB_RUN_ID", "42");
    variables.put("INPUT_CONFIG", "bench.yaml");
    variables.put("INPUT_COMMENT", "true");
    variables.put("INPUT_FAIL_ON", "regression");
  }

  void put(String variable, String value) {
    variables.put(variable, value);
  }

  /** Sets the event that started the job, in JSON. */
  void putEvent(String event) throws IOException {
    put("GITHUB_EVENT_PATH", Files.writeString(folder.resolve("event.json"), event).toString());
  }

  void remove(String variable) {
    variables.remove(variable);
  }

  /** The folder of the batch that the fake caravan runs. */
  Path batch() {
    return Path.of(variables.get("BATCH"));
  }

  /** The file that tells that the run is held, as with HOLDS. */
  Path held() {
    return folder.resolve("calls.held");
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Runs the script; returns its outputs. */
  Map<String, String> act() throws Exception {
    return outputsOf(start());
  }

  /** Starts the first step of the action, by bash as a runner does. */
  Process start() throws IOException {
    Path script = Files.writeString(folder.resolve("step.sh"), step());
    ProcessBuilder builder =
        new ProcessBuilder(
            "bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script.toString());
    builder.redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile());
    builder.environment().putAll(variables);
    return builder.start();
  }

  private static String step() throws IOException {
    Map<?, ?> action = new Yaml().load(Files.readString(Path.of("action.yml")));
    List<?> steps = (List<?>) ((Map<?, ?>) action.get("runs")).get("steps");
    return (String) ((Map<?, ?>) steps.get(0)).get("run");
  }

  /** Waits for the step; returns its outputs. */
  Map<String, String> outputsOf(Process step) throws Exception {
    int exit = step.waitFor();
    assertThat(exit).as(text("log")).isZero();
    Map<String, String> outputs = new TreeMap<>();
    for (String line : text("outputs").lines().toList()) {
      outputs.put(line.replaceFirst("=.*", ""), line.replaceFirst("[^=]*=", ""));
    }
    return outputs;
  }

  /** The text of a file below the folder; empty if there is none. */
  String text(String name) throws IOException {
    Path file = folder.resolve(name);
    return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
  }
}
