package dev.caravan.storage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The folder of a run (or of one of its earlier attempts) and the names of the files in it. */
public record RunFolder(Path path) {

  /** Written last: a run is done when it says {@code final}. */
  public static final String PROCESS_RESULT = "process_result.json";

  /** Name of the file that says what was run. */
  public static final String RUN_METADATA = "run_metadata.json";

  /** Name of the file that takes standard output. */
  public static final String STDOUT = "stdout.log";

  /** Name of the file that takes standard error. */
  public static final String STDERR = "stderr.log";

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

  /** What aiperf printed, as it came. */
  public Path stdout() {
    return path.resolve(STDOUT);
  }

  /** What aiperf printed to standard error, as it came. */
  public Path stderr() {
    return path.resolve(STDERR);
  }

  /** The log that aiperf keeps of all its processes. */
  public Path aiperfLog() {
    return path.resolve("logs").resolve("aiperf.log");
  }

  /** Aiperf's summary of the run. */
  public Path export() {
    return path.resolve("profile_export_aiperf.json");
  }

  /** Aiperf's line for each request. */
  public Path requests() {
    return path.resolve("profile_export.jsonl");
  }

  /** Whether aiperf wrote anything at all; it does not when it refuses its arguments. */
  public boolean hasArtifacts() {
    return ARTIFACTS.stream().anyMatch(name -> Files.exists(path.resolve(name)));
  }
}
