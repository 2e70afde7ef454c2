package dev.caravan.config;

import java.util.List;
import java.util.Optional;

/**
 * The rules that depend on the source of a config and on the machine. The reader applies them, so
 * that every violation becomes a problem with its line.
 */
public interface ConfigRules {

  /** Whether this aiperf option (with underscores) is allowed in addition to the built-in list. */
  boolean optionAllowed(String name);

  /** A warning about this aiperf option, such as that the aiperf here lacks what it needs. */
  default Optional<String> optionRemark(String name) {
    return Optional.empty();
  }

  /** The largest number of runs of a batch. */
  long maxRuns();

  /** Whether a config from this source may name this variable in api_key_env_var. */
  boolean secretAllowed(String variable);

  /** The property that allows variables to configs from this source. */
  String secretsProperty();

  /** Whether this variable is set, in the environment or in the home's keys.env. */
  boolean secretSet(String variable);

  /**
   * Why this variable's value cannot be an API key; empty if it can, or if it is not known here.
   */
  default Optional<String> secretFault(String variable) {
    return Optional.empty();
  }

  /** Warnings about this variable's value, for example that it is too short to be masked. */
  default List<String> secretRemarks(String variable) {
    return List.of();
  }

  /** Why a string cannot be passed as an argument or a name on this machine; empty if it can. */
  default Optional<String> encodingRefusal(String text) {
    return Optional.empty();
  }

  /** Why batches of this name cannot be in this output_base_dir; empty if they can. */
  Optional<String> outputFolderRefusal(String outputBaseDir, String batchName);

  /** Why a config from this source may not have this hook; empty if it may. */
  default Optional<String> hookRefusal(HookEvent event, String name) {
    return Optional.empty();
  }

  /** Why this input_file is refused; empty if it can be used. */
  Optional<String> inputFileRefusal(String inputFile);

  /**
   * Why aiperf cannot read this input_file; empty if it can.
   *
   * @param format its custom_dataset_type; empty if aiperf detects it
   */
  default Optional<String> datasetRefusal(String inputFile, Optional<String> format) {
    return Optional.empty();
  }
}
