package dev.caravan.config;

import java.util.Optional;

/**
 * The rules that depend on the source of a config and on the machine. The reader applies them, so
 * that every violation becomes a problem with its line.
 */
public interface ConfigRules {

  /** Whether this aiperf option (with underscores) is allowed in addition to the built-in list. */
  boolean optionAllowed(String name);

  /** The largest number of runs of a batch. */
  long maxRuns();

  /** Whether a config from this source may name this variable in api_key_env_var. */
  boolean secretAllowed(String variable);

  /** Whether this variable is set, in the environment or in the home's keys.env. */
  boolean secretSet(String variable);

  /** Whether this variable's value is too short to be masked in output. */
  default boolean secretTooShort(String variable) {
    return false;
  }

  /** Why this output_base_dir is refused; empty if it is allowed. */
  Optional<String> outputDirRefusal(String outputBaseDir);

  /** Why this input_file is refused; empty if it can be used. */
  Optional<String> inputFileRefusal(String inputFile);
}
