package dev.caravan.storage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The folder of a run, or of one of its earlier attempts, and the names of the files in it. */
public record RunFolder(Path path) {

  /** The result of an attempt; the run is done when it says {@code final: true}. */
  public static final String PROCESS_RESULT = "process_result.json";

  /** The folder of earlier attempts. */
  public static final String ATTEMPTS = "attempts";

  /** The folder, in that of an attempt, of files that may contain a key nobody can mask. */
  public static final String WITHHELD = ".withheld";

  /** What was run. */
  public static final String RUN_METADATA = "run_metadata.json";

  /** What Caravan saw of host, client and service during an attempt. */
  public static final String ENVIRONMENT = "environment.json";

  /** Which hooks the attempt has run. */
  public static final String HOOKS = "hooks.json";

  /** What aiperf printed to standard output. */
  public static final String STDOUT = "stdout.log";

  /** What aiperf printed to standard error. */
  public static final String STDERR = "stderr.log";

  /**
   * The names that files of aiperf get in an earlier attempt, by their former names. Programs that
   * look for results at any depth, such as {@code aiperf plot}, then do not take it for a run.
   */
  public static final Map<String, String> SUPERSEDED =
      Map.of(
          "profile_export_aiperf.json", "superseded_export.json",
          "profile_export.jsonl", "superseded_requests.jsonl");

  private static final String HOOK_LOG = "hook_";

  private static final List<String> ARTIFACTS =
      List.of("logs", "inputs.json", "profile_export.jsonl", "profile_export_aiperf.json");

  /** The result of the attempt; written last. */
  public Path processResult() {
    return path.resolve(PROCESS_RESULT);
  }

  /** What was run. */
  public Path runMetadata() {
    return path.resolve(RUN_METADATA);
  }

  /** What Caravan saw of host, client and service during the attempt. */
  public Path environment() {
    return path.resolve(ENVIRONMENT);
  }

  /** Which hooks the attempt has run. */
  public Path hooks() {
    return path.resolve(HOOKS);
  }

  /** The file with the output of the hook of an event, such as {@code before_point}. */
  public static String hookLog(String event) {
    return HOOK_LOG + event + ".log";
  }

  /**
   * Whether a file of this name is left by a hook. These may lie there before the attempt begins,
   * since a hook runs before the target is probed.
   */
  public static boolean isOfHook(String name) {
    String whole = BatchFolder.whole(name);
    return whole.equals(HOOKS) || whole.startsWith(HOOK_LOG) && whole.endsWith(".log");
  }

  /** The prompts. */
  public Path inputs() {
    return path.resolve("inputs.json");
  }

  /** What aiperf printed to standard output. */
  public Path stdout() {
    return path.resolve(STDOUT);
  }

  /** What aiperf printed to standard error. */
  public Path stderr() {
    return path.resolve(STDERR);
  }

  /** The common log of all aiperf processes. */
  public Path aiperfLog() {
    return path.resolve("logs").resolve("aiperf.log");
  }

  /** Aiperf's summary of the run. */
  public Path export() {
    return currentOrSuperseded("profile_export_aiperf.json");
  }

  /** Aiperf's request log, with one line per request. */
  public Path requests() {
    return currentOrSuperseded("profile_export.jsonl");
  }

  /** What aiperf recorded of the GPUs of the service, with one line per GPU and moment. */
  public Path gpuTelemetry() {
    return path.resolve("gpu_telemetry_export.jsonl");
  }

  private Path currentOrSuperseded(String name) {
    Path superseded = path.resolve(SUPERSEDED.get(name));
    return Files.exists(superseded) ? superseded : path.resolve(name);
  }

  /** Whether aiperf wrote any files; it does not when it refuses its arguments. */
  public boolean hasArtifacts() {
    return ARTIFACTS.stream().anyMatch(name -> Files.exists(path.resolve(name)));
  }
}
