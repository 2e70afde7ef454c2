package dev.caravan.config;

import java.util.Optional;

/**
 * What a config may ask for depends on where it came from and on the machine; the reader asks these
 * questions so that every answer becomes a problem with its line.
 */
public interface ConfigRules {

  /** Whether this aiperf option (its name with underscores) is allowed beyond the shipped list. */
  boolean optionAllowed(String name);

  /** The most runs that a batch may have. */
  long maxRuns();

  /** Whether a config from this source may name this environment variable as its key. */
  boolean keyAllowed(String variable);

  /** Whether the variable has a value, in the environment or in the home's keys.env. */
  boolean keySet(String variable);

  /** Whether the variable's value is too short to be masked where it is printed. */
  default boolean keyTooShort(String variable) {
    return false;
  }

  /** Why this output_base_dir is not allowed; empty when it is. */
  Optional<String> outputRefused(String outputBaseDir);

  /** Why this input_file cannot be used; empty when it can. */
  Optional<String> inputRefused(String inputFile);
}
